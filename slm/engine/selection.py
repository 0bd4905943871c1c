"""Which target row applies to a record, and why that one (ITSM domain rules 5.3).

A row is chosen, not an agreement: where the best agreement has no row for this record, the search
falls through to the next. The caller brings the rows of one metric of all agreements in force and
replaces the value where a variation of the chosen agreement is active.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Prefer(StrEnum):
    """Which of an agreement with the customer and one for the service goes first."""

    CUSTOMER = "customer"
    SERVICE = "service"


class Level(StrEnum):
    """How particular an agreement is. Shown on the record."""

    SERVICE_CUSTOMER = "service_customer"
    CUSTOMER = "customer"
    SERVICE = "service"
    CORPORATE = "corporate"


RANKS = {  # the lowest goes first
    Prefer.CUSTOMER: (Level.SERVICE_CUSTOMER, Level.CUSTOMER, Level.SERVICE, Level.CORPORATE),
    Prefer.SERVICE: (Level.SERVICE_CUSTOMER, Level.SERVICE, Level.CUSTOMER, Level.CORPORATE),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement in force. No customer: for all; no service: for all services."""

    id: Hashable
    customer: Hashable = None
    service: Hashable = None

    @property
    def level(self) -> Level:
        if self.customer is not None:
            return Level.CUSTOMER if self.service is None else Level.SERVICE_CUSTOMER
        return Level.CORPORATE if self.service is None else Level.SERVICE


@dataclass(frozen=True, slots=True)
class Row:
    """A target row. What is None fits any record. `value`: less is stricter (seconds).

    Ids must be comparable with each other.
    """

    id: object
    agreement: Agreement
    value: int
    record_kind: str | None = None
    priority: int | None = None
    category: Hashable = None
    offering: Hashable = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The record, as selection sees it: each tree as itself and its ancestors, nearest first."""

    record_kind: str
    priority: int | None = None
    organizations: Sequence[Hashable] = ()
    services: Sequence[Hashable] = ()
    categories: Sequence[Hashable] = ()
    offering: Hashable = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A better agreement without a row for this record.

    `missing` names what keeps its closest row from fitting: offering, record_kind, category,
    priority; empty where the agreement has no row at all for this metric.
    """

    agreement: Agreement
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """How the choice came about.

    `level` of the chosen agreement; `customer` and `service` are the ancestors it is agreed for,
    with their distance in the tree (0 is the record's own; None: for all). `decided_by` is the
    first part of the order that told the row from the runner-up: level, customer, service,
    offering, record_kind, category, priority, value or id; None where it was the only candidate.
    """

    level: Level
    customer: Hashable
    customer_distance: int | None
    service: Hashable
    service_distance: int | None
    decided_by: str | None
    runner_up: Row | None
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    row: Row
    why: Why


PARTS = (
    "level",
    "customer",
    "service",
    "offering",
    "record_kind",
    "category",
    "priority",
    "value",
    "id",
)


def choose(
    rows: Iterable[Row],
    subject: Subject,
    *,
    prefer: str = Prefer.CUSTOMER,
    agreements: Iterable[Agreement] = (),
) -> Choice | None:
    """The row that applies to this record, with the reason; None where no row fits.

    In: the rows of one metric of all agreements in force at the record's opening (at a retarget:
    at its instant), in any order, also those that do not fit; `agreements` may add such as have
    no row for the metric, so that the reason can name them.
    Order: level (customer before service, or as `prefer` says) → nearest customer in the tree →
    nearest service → offering, record kind, category depth, priority (set before open) → the
    strictest value → the lowest id.
    Errors: ValueError for an unknown preference. Source: ITSM domain rules 5.3, vectors S5, S6.
    """
    ranks = RANKS[Prefer(prefer)]
    in_scope = [row for row in rows if _covers(row.agreement, subject)]
    fitting = [row for row in in_scope if not _misfits(row, subject)]
    if not fitting:
        return None
    best, *others = sorted(fitting, key=lambda row: _order(row, subject, ranks))
    runner_up = others[0] if others else None
    order = _order(best, subject, ranks)
    decided_by = None
    if runner_up is not None:
        pairs = zip(PARTS, order, _order(runner_up, subject, ranks), strict=True)
        decided_by = next((part for part, mine, other in pairs if mine != other), None)
    agreement = best.agreement
    why = Why(
        level=agreement.level,
        customer=agreement.customer,
        customer_distance=_distance(agreement.customer, subject.organizations),
        service=agreement.service,
        service_distance=_distance(agreement.service, subject.services),
        decided_by=decided_by,
        runner_up=runner_up,
        passed_over=_passed_over(in_scope, agreements, best, subject, ranks),
    )
    return Choice(best, why)


def _covers(agreement, subject):
    return (agreement.customer is None or agreement.customer in subject.organizations) and (
        agreement.service is None or agreement.service in subject.services
    )


def _misfits(row, subject) -> tuple[str, ...]:
    fits = {
        "offering": row.offering is None or row.offering == subject.offering,
        "record_kind": row.record_kind is None or row.record_kind == subject.record_kind,
        "category": row.category is None or row.category in subject.categories,
        "priority": row.priority is None or row.priority == subject.priority,
    }
    return tuple(name for name, is_so in fits.items() if not is_so)


def _order(row, subject, ranks):
    return (
        *_agreement_order(row.agreement, subject, ranks),
        row.offering is None,
        row.record_kind is None,
        _nearness(row.category, subject.categories),
        row.priority is None,
        row.value,
        row.id,
    )


def _agreement_order(agreement, subject, ranks):
    return (
        ranks.index(agreement.level),
        _nearness(agreement.customer, subject.organizations),
        _nearness(agreement.service, subject.services),
    )


def _distance(node, lineage) -> int | None:
    return None if node is None else lineage.index(node)


def _nearness(node, lineage) -> int:
    """0 for the record's own, more for its ancestors, most for "any"."""
    return len(lineage) if node is None else lineage.index(node)


def _passed_over(in_scope, agreements, best, subject, ranks) -> tuple[PassedOver, ...]:
    chosen = _agreement_order(best.agreement, subject, ranks)
    missing: dict[Agreement, tuple[str, ...]] = {
        agreement: () for agreement in agreements if _covers(agreement, subject)
    }
    for row in in_scope:
        misfits = _misfits(row, subject)
        known = missing.get(row.agreement)
        if not known or len(misfits) < len(known):
            missing[row.agreement] = misfits
    better = [a for a in missing if _agreement_order(a, subject, ranks) < chosen]
    better.sort(key=lambda a: _agreement_order(a, subject, ranks))
    return tuple(PassedOver(agreement, missing[agreement]) for agreement in better)
