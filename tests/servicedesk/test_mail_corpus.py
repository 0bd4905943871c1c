"""The corpus of difficult mails: none lost, no loop, no stranger in a ticket, a decision on each."""

import sys
from collections import Counter

import pytest

from core import preferences
from records.models import TimelineEntry, Watch
from servicedesk.mail import intake
from servicedesk.models import InboundMessage
from servicedesk.models.mail import TAKEN, Decision
from tests.servicedesk import mail_corpus
from tests.servicedesk.mail_world import numbers, place, take

pytestmark = pytest.mark.django_db


def wrong_with(case, row, before, here):  # noqa: PLR0911 - one check a line
    """What is not as the case says, in words."""
    if row.decision != case.decision:
        return f"is {row.decision} {row.why} {row.error[:200]}"
    target = row.record
    if case.record == "new" and (target is None or target.pk in before):
        return "stands in no new ticket"
    if case.record not in {"", "new"} and target != getattr(here, case.record).record_ptr_or_self:
        return f"stands in {target}"
    if case.text and case.text not in row.text:
        return f"reads {row.text[:80]!r}"
    if case.subject and case.subject not in row.subject:
        return f"has the subject {row.subject[:80]!r}"
    kept = list(target.documents.values_list("title", flat=True)) if target else []
    if case.files and not any(case.files[0] in title for title in kept):
        return f"brought {kept}, {row.parts}"
    return "" if row.why else "gives no reason"


@pytest.mark.feature("D14")
@pytest.mark.feature("CN-01", "CN-02", "CN-04", "CN-05", "CN-06")
def test_each_of_the_difficult_mails_ends_in_its_decision(world, capsys):
    preferences.put("mail_tickets_an_hour", 100_000, by=None)
    preferences.put("mail_replies_an_hour", 100_000, by=None)
    preferences.put("mail_new_callers_an_hour", 100_000, by=None)
    here = place(world)
    for name in ("open", "closed", "merged", "foreign", "mailed"):
        record = getattr(here, name)
        record.record_ptr_or_self = getattr(record, "record_ptr", record)
    side = {world.requester.pk, world.agent.pk, None}
    given, wrong, ends = 0, [], Counter()
    for case in mail_corpus.cases(here):
        before = numbers()
        row = take(here.mailbox, case.raw)
        given += 1
        ends[row.decision] += 1
        if said := wrong_with(case, row, before, here):
            wrong.append(f"{case.name}: {said}; should be {case.decision}")
    authors = TimelineEntry.objects.filter(record=here.open.pk).values_list("author_id", flat=True)
    strangers = set(authors) - side
    strangers |= (
        set(Watch.objects.filter(record=here.open.pk).values_list("person_id", flat=True)) - side
    )
    stored = InboundMessage.objects.exclude(message_id="<first@client.example>")
    table = {
        "mails": given, "lost": given - InboundMessage.objects.count() + 1,
        "without a decision": InboundMessage.objects.filter(decision="").count(),
        "loops": stored.filter(subject="ticket received", decision__in=TAKEN).count() - 3,
        "strangers joined": len(strangers), **{str(Decision(name)): n for name, n in ends.items()},
    }  # fmt: skip
    with capsys.disabled():
        lines = [f"  {name:<40}{number:>6}" for name, number in table.items()]
        sys.stdout.write("\n" + "\n".join(lines) + "\n")

    assert "\n".join(wrong) == ""
    assert given >= 200
    assert [
        table[name] for name in ("lost", "without a decision", "loops", "strangers joined")
    ] == [0] * 4


def test_nothing_waits_after_a_sweep(world):
    here = place(world)
    for number in range(5):
        intake.receive(mail_corpus.plain(f"Report {number}", "Words"), here.mailbox)

    done = intake.sweep_due()

    assert done == 5
    assert not InboundMessage.objects.filter(state="received").exists()
