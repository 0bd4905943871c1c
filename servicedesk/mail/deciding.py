"""What a mail is, and why: a Plan out of what it says and what the database knows. Changes nothing.

From proves nothing. A ticket is joined only by who takes part in it; who works on it answers as the
desk only with proof: a token or a mail id that went to nobody else, or our own server's DMARC word.
"""

import re
from dataclasses import dataclass, field

from people.models import Person
from servicedesk.mail import limits
from servicedesk.models import Mailbox
from servicedesk.models.mail import Decision
from servicedesk.notices import addresses
from servicedesk.notices.sending import DIGEST

NUMBER = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2,4}-\d{1,12})(?![A-Za-z0-9])", re.IGNORECASE)
TOKEN = re.compile(r"\[([A-Z]{2,4}-\d{1,12})\.([a-z2-7]{32})\]", re.IGNORECASE)
MOST_HOPS = 40
SAME_WORDS = 3
# So often a mail waits for the one that it answers, if that one is not decided yet.
PATIENT_TRIES = 3


@dataclass
class Plan:
    """`why` is [[code, {values}], …] for servicedesk.mail.words."""

    decision: str
    why: list = field(default_factory=list)
    record: object = None
    person: object = None
    is_note: bool = False
    makes_caller: bool = False
    waits: bool = False


@dataclass
class Candidate:
    record: object
    how: str
    is_proof: bool = False


def decide(parsed, facts, *, insists=False):
    """The Plan for a mail. `insists`: an administrator wants it in a ticket, whatever the guards
    of loops, floods and strangers say; who may join which ticket holds all the same."""
    if parsed.fatal and not (insists and parsed.sender):
        return Plan(Decision.QUARANTINED, [parsed.fatal])
    if (before := facts.came_before()) is not None:
        return Plan(Decision.DUPLICATE, [["came_before", {"mail": before.pk}]], before.record)
    if not insists and (plan := _no_person_wrote(parsed, facts)) is not None:
        return plan
    if parsed.sender_problem:
        return Plan(Decision.QUARANTINED, [[f"sender_{parsed.sender_problem}", {}]])
    return _of_person(parsed, facts, insists)


# --- mails that nobody wrote ---------------------------------------------------------------------
def _no_person_wrote(parsed, facts):  # noqa: PLR0911 - one sign a line
    loop_ids = {loop.casefold() for loop in parsed.loops}
    if facts.is_ours():
        return Plan(Decision.IGNORED_OWN, [["our_message_id", {}]])
    if parsed.sender and facts.is_own_address(parsed.sender):
        return Plan(Decision.IGNORED_OWN, [["our_address", {"address": parsed.sender}]])
    if parsed.bounce:
        return _bounce(parsed)
    if loop_ids & facts.own_addresses():
        return Plan(Decision.IGNORED_LOOP, [["our_loop_mark", {}]])
    if parsed.hops > MOST_HOPS:
        return Plan(Decision.IGNORED_LOOP, [["hops", {"count": parsed.hops, "most": MOST_HOPS}]])
    if parsed.automatic:
        return Plan(Decision.IGNORED_AUTO, [[f"auto_{sign}", {}] for sign in parsed.automatic])
    if parsed.is_list and not facts.mailbox.takes_lists:
        return Plan(Decision.IGNORED_AUTO, [["list", {}]])
    if parsed.sender and (same := facts.same_words_lately()) >= SAME_WORDS:
        return Plan(Decision.IGNORED_LOOP, [["same_words", {"count": same}]])
    return None


def _bounce(parsed):
    values = {
        "recipients": ", ".join(parsed.bounce["recipients"][:3]) or "?",
        "status": parsed.bounce["status"] or "?",
    }
    return Plan(Decision.IGNORED_BOUNCE, [["bounce", values]])


# --- mails of somebody ---------------------------------------------------------------------------
def _of_person(parsed, facts, insists):
    why, person = [], facts.person()
    verdict = facts.authentication()
    if verdict == "fail":
        return Plan(Decision.QUARANTINED, [["authentication_failed", {"address": parsed.sender}]])
    if person is not None and not person.is_active and not insists:
        return Plan(Decision.REJECTED_STRANGER, [["sender_left", {"name": person.name}]])
    if person is not None and person.kind != Person.Kind.HUMAN:
        return Plan(Decision.QUARANTINED, [["sender_is_integration", {"name": person.name}]])
    for candidate in candidates(parsed, facts, person):
        record = facts.surviving(candidate.record)
        is_proof = candidate.is_proof or verdict == "pass"
        place = place_of(record, person, facts, candidate.how, is_proof)
        reason = [f"by_{candidate.how}", {"number": candidate.record.number}]
        if place in {"requester", "desk", "copy"}:
            if record.pk != candidate.record.pk:
                reason = [*reason[:1], reason[1]]
                why = [["merged", {"number": record.number}]]
            return _joining(parsed, facts, person, record, place, [reason, *why], insists)
        why.append([place, {"number": candidate.record.number, "address": parsed.sender}])
    if not why and facts.message.attempts < PATIENT_TRIES and facts.waits_for():
        return Plan("", waits=True)
    return _opening(parsed, facts, person, why, insists)


def candidates(parsed, facts, person):
    """Records that the mail may belong to, the surest first: token, ids of our mails, ids of mails
    that came in, our thread, a bare number."""
    for number, token in tokens(parsed):
        record = facts.record(number)
        if (
            record is not None
            and person is not None
            and (facts.is_token_for(number, token, record, person))
        ):
            yield Candidate(record, "token", is_proof=True)
        elif record is not None and any(
            facts.is_token_for(number, token, record, one) for one in facts.participants(record)
        ):
            yield Candidate(record, "token")
    newest_first = list(reversed(parsed.references))
    for sent in facts.sent(newest_first):
        # what stands for many is about none of them
        if sent.record is not None and sent.reason != DIGEST:
            yield Candidate(
                sent.record, "header", person is not None and sent.person_id == person.pk
            )
    for mail in facts.received(newest_first):
        yield Candidate(mail.record, "thread")
    for number in dict.fromkeys(found.upper() for found in NUMBER.findall(parsed.subject)):
        record = facts.record(number)
        if record is not None and facts.is_thread_root(record):
            yield Candidate(record, "thread")
        elif record is not None and limits.of("mail_bare_number"):
            yield Candidate(record, "number")


def tokens(parsed):
    """(number, token) of every address that the mail went to, and of its subject."""
    found = [addresses.parse(one) for one in (*parsed.to, *parsed.cc, *parsed.delivered_to)]
    found += [(number.upper(), token.lower()) for number, token in TOKEN.findall(parsed.subject)]
    return list(dict.fromkeys(one for one in found if one is not None))


def place_of(record, person, facts, how, is_proof):
    """Where the sender may write to the record: requester, desk or copy; else why not."""
    if person is not None and facts.is_requester_side(record, person):
        return "requester"
    if person is not None and facts.works_on(record, person):
        return "desk" if is_proof else "no_proof"
    if how != "number" and facts.was_copied(record):
        return "copy"
    return "no_part"


def _joining(parsed, facts, person, record, place, why, insists):
    most = limits.of("mail_replies_an_hour")
    if not insists and facts.replied_lately(record) >= most:
        return Plan(
            Decision.HELD_FLOOD, [["flood_ticket", {"number": record.number, "most": most}]],
            person=person,
        )  # fmt: skip
    if place == "copy":
        why = [*why, ["copied", {"address": parsed.sender}]]
        return Plan(Decision.JOINED_AS_CC, why, record, person, makes_caller=person is None)
    why = [*why, [f"is_{place}", {"name": person.name}]]
    is_note = place == "desk" and _is_marked(parsed)
    if is_note:
        why.append(["note_mark", {}])
    return Plan(Decision.REPLY, why, record, person, is_note=is_note)


def _is_marked(parsed):
    mark = str(limits.of("mail_note_mark") or "").strip().casefold()
    return bool(mark) and parsed.text.lstrip().casefold().startswith(mark)


def _opening(parsed, facts, person, why, insists):
    most = limits.of("mail_tickets_an_hour")
    if not insists and facts.opened_lately() >= most:
        return Plan(Decision.HELD_FLOOD, [*why, ["flood_sender", {"most": most}]], person=person)
    if person is not None:
        why = [*why, ["known_sender", {"name": person.name}]]
        return Plan(Decision.NEW_TICKET, why, person=person)
    if not insists and facts.mailbox.strangers == Mailbox.Strangers.QUARANTINE:
        why = [*why, ["unknown_sender", {"address": parsed.sender}]]
        return Plan(Decision.REJECTED_STRANGER, why)
    most = limits.of("mail_new_callers_an_hour")
    if not insists and facts.callers_lately() >= most:
        return Plan(Decision.HELD_FLOOD, [*why, ["flood_callers", {"most": most}]])
    why = [*why, ["new_caller", {"address": parsed.sender}]]
    return Plan(Decision.NEW_TICKET, why, makes_caller=True)
