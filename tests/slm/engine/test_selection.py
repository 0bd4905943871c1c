"""The worked choices S5 a-h and S6, and what the choice says about itself (SL-15)."""

import pytest

from slm.engine.selection import Agreement, Row, Subject, choose

HOUR = 3600
PARENT = {"sales": "corp", "sales_cn": "sales", "hr": "corp", "erp_fin": "erp"}

CORPORATE = Agreement("SLA-1")
SALES = Agreement("SLA-2", customer="sales")
ERP = Agreement("SLA-3", service="erp")
SALES_ERP = Agreement("SLA-4", customer="sales", service="erp")
SALES_CN = Agreement("SLA-5", customer="sales_cn")
PROMISED = [
    (CORPORATE, 1, 4),
    (CORPORATE, 2, 8),
    (CORPORATE, 3, 24),
    (CORPORATE, None, 40),
    (SALES, None, 16),
    (ERP, 1, 2),
    (ERP, 2, 6),
    (SALES_ERP, 1, 1),
    (SALES_CN, 2, 5),
]
ROWS = [
    Row(number, agreement, hours * HOUR, record_kind="incident", priority=priority)
    for number, (agreement, priority, hours) in enumerate(PROMISED)
]


def lineage(node):
    found = [node]
    while found[-1] in PARENT:
        found.append(PARENT[found[-1]])
    return found


def incident(organization, service, priority, **more):
    return Subject(
        "incident",
        priority=priority,
        organizations=lineage(organization),
        services=lineage(service),
        **more,
    )


@pytest.mark.vector
@pytest.mark.parametrize(
    ("subject", "prefer", "agreement", "hours"),
    [
        pytest.param(("hr", "mail", 3), "customer", "SLA-1", 24, id="S5a"),
        pytest.param(("hr", "erp_fin", 2), "customer", "SLA-3", 6, id="S5b"),
        pytest.param(("sales", "erp_fin", 1), "customer", "SLA-4", 1, id="S5c"),
        pytest.param(("sales", "erp_fin", 2), "customer", "SLA-2", 16, id="S5d"),
        pytest.param(("sales_cn", "erp", 2), "customer", "SLA-5", 5, id="S5e"),
        pytest.param(("sales_cn", "erp", 1), "customer", "SLA-4", 1, id="S5f"),
        pytest.param(("sales_cn", "mail", 3), "customer", "SLA-2", 16, id="S5g"),
        pytest.param(("hr", "mail", 5), "customer", "SLA-1", 40, id="S5h"),
        pytest.param(("sales", "erp_fin", 2), "service", "SLA-3", 6, id="S6"),
    ],
)
def test_the_worked_choices(subject, prefer, agreement, hours):
    choice = choose(reversed(ROWS), incident(*subject), prefer=prefer)

    assert (choice.row.agreement.id, choice.row.value) == (agreement, hours * HOUR)


@pytest.mark.feature("SL-15")
def test_the_choice_names_the_better_agreement_that_has_no_row():
    why = choose(ROWS, incident("sales", "erp_fin", 2)).why

    assert [(passed.agreement, passed.missing) for passed in why.passed_over] == [
        (SALES_ERP, ("priority",))
    ]
    assert (why.level, why.customer, why.customer_distance) == ("customer", "sales", 0)
    assert (why.service, why.service_distance) == (None, None)
    assert (why.decided_by, why.runner_up.agreement) == ("level", ERP)


@pytest.mark.feature("SL-15")
def test_the_choice_names_an_agreement_without_any_row_for_the_metric():
    special = Agreement("SLA-9", customer="hr", service="mail")
    elsewhere = Agreement("SLA-8", customer="sales", service="mail")

    why = choose(ROWS, incident("hr", "mail", 3), agreements=[special, elsewhere, CORPORATE]).why

    assert [(passed.agreement, passed.missing) for passed in why.passed_over] == [(special, ())]


@pytest.mark.feature("SL-15")
def test_of_a_passed_over_agreement_the_closest_row_tells_what_was_missing():
    rows = [
        row(1, SALES_ERP, priority=1, offering="vpn"),
        row(2, SALES_ERP, priority=1),
        row(3, SALES_ERP, priority=1, category="wlan"),
        row(4),
    ]

    why = choose(rows, incident("sales", "erp", 2)).why

    assert [passed.missing for passed in why.passed_over] == [("priority",)]


@pytest.mark.feature("SL-15")
def test_an_inherited_agreement_tells_how_far_up_it_was_found():
    why = choose(ROWS, incident("sales_cn", "erp_fin", 1)).why

    assert (why.customer, why.customer_distance) == ("sales", 1)
    assert (why.service, why.service_distance) == ("erp", 1)
    assert why.passed_over == ()


def test_where_nothing_fits_nothing_is_chosen():
    assert choose(ROWS, Subject("change", priority=1, organizations=["hr"])) is None
    assert choose([], incident("hr", "mail", 1)) is None


def row(number, agreement=CORPORATE, value=HOUR, **criteria):
    return Row(number, agreement, value, **criteria)


ORDER = [
    ("level", row(9, SALES), row(1, ERP, 1, offering="vpn")),
    ("customer", row(9, SALES_CN), row(1, SALES, 1, offering="vpn")),
    (
        "service",
        row(9, Agreement("a", service="erp_fin")),
        row(1, ERP, 1, offering="vpn"),
    ),
    ("offering", row(9, offering="vpn"), row(1, value=1, record_kind="incident", priority=2)),
    ("record_kind", row(9, record_kind="incident"), row(1, value=1, category="wlan", priority=2)),
    ("category", row(9, category="wlan"), row(1, value=1, category="network", priority=2)),
    ("category", row(9, category="network"), row(1, value=1, priority=2)),
    ("priority", row(9, priority=2), row(1, value=1)),
    ("value", row(9, value=HOUR), row(1, value=2 * HOUR)),
    ("id", row(1), row(9)),
]


@pytest.mark.parametrize(
    ("part", "better", "other"), ORDER, ids=[f"{n}-{case[0]}" for n, case in enumerate(ORDER)]
)
def test_the_parts_of_the_order_decide_one_after_the_other(part, better, other):
    subject = incident("sales_cn", "erp_fin", 2, categories=["wlan", "network"], offering="vpn")

    choice = choose([other, better], subject)

    assert (choice.row, choice.why.decided_by, choice.why.runner_up) == (better, part, other)


def test_a_single_candidate_was_decided_by_nothing():
    choice = choose([row(1)], incident("hr", "mail", 1))

    assert (choice.why.decided_by, choice.why.runner_up) == (None, None)


@pytest.mark.parametrize(
    "criteria",
    [{"offering": "vpn"}, {"record_kind": "request"}, {"category": "wlan"}, {"priority": 1}],
    ids=lambda criteria: next(iter(criteria)),
)
def test_a_row_for_something_else_does_not_fit(criteria):
    subject = incident("hr", "mail", 2, categories=["network"])

    assert choose([row(1, **criteria)], subject) is None


def test_an_unknown_preference_is_refused():
    with pytest.raises(ValueError):
        choose(ROWS, incident("hr", "mail", 1), prefer="price")
