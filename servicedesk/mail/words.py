"""The reasons of a decision in the reader's words. A stored code stays for ever; one that is not
known here is shown as it stands.
"""

from django.utils.translation import gettext_lazy as _

WHY = {
    # how the ticket was found
    "by_token": _("The reply address is signed for %(number)s."),
    "by_header": _("It answers a mail that we sent about %(number)s."),
    "by_thread": _("It answers a mail that stands in %(number)s."),
    "by_number": _("The subject names %(number)s."),
    "merged": _("That ticket was merged into %(number)s."),
    # who wrote
    "is_requester": _("%(name)s takes part in it."),
    "is_desk": _("%(name)s works on it and proved it by a mail that nobody else got."),
    "copied": _("%(address)s was in copy of a mail to this ticket."),
    "note_mark": _("It begins with the mark of an internal note."),
    "known_sender": _("%(name)s is known here."),
    "new_caller": _("%(address)s was unknown and became a caller."),
    "no_part": _("%(address)s takes no part in %(number)s: it stays out of that ticket."),
    "no_proof": _(
        "%(address)s works on %(number)s, but nothing proves who wrote: it stays out of that ticket."
    ),
    # held
    "unknown_sender": _("%(address)s is unknown, and this mailbox holds such mails."),
    "sender_left": _("%(name)s is not active any more."),
    "sender_is_integration": _("%(name)s is an integration, not a person."),
    "sender_none": _("It names no sender that could be answered."),
    "sender_ambiguous": _("It names several senders: any of them could be meant."),
    "authentication_failed": _("Our mail server found that %(address)s did not send it (DMARC)."),
    "flood_sender": _("The sender opened %(most)d tickets within an hour."),
    "flood_ticket": _("The sender wrote %(most)d mails to %(number)s within an hour."),
    "flood_callers": _("%(most)d new callers came within an hour."),
    "too_large": _("It is larger than %(most)d MB."),
    "too_many_headers": _("It has more than %(most)d header lines, or too long ones."),
    "too_many_parts": _("It has more than %(most)d parts."),
    "too_deep": _("It is nested more than %(most)d levels deep."),
    "unreadable": _("It cannot be read: %(error)s"),
    "took_too_long": _("Reading it took longer than %(seconds)d seconds."),
    "reader_died": _("The process that read it broke down."),
    "tries": _("Deciding it broke off %(most)d times."),
    "failed": _("An error occurred while it was put into a ticket."),
    "waits": _("It answers a mail that is not decided yet."),
    # nobody wrote it
    "our_message_id": _("It is a mail of ours that came back."),
    "our_address": _("It comes from our own address %(address)s."),
    "our_loop_mark": _("It carries our own loop mark."),
    "hops": _("It passed %(count)d servers; more than %(most)d mean a loop."),
    "same_words": _("The sender wrote exactly this %(count)d times within an hour."),
    "bounce": _("A mail to %(recipients)s was not delivered (%(status)s)."),
    "list": _("It came by a mailing list."),
    "auto_auto_submitted": _("Its header Auto-Submitted says that no person wrote it."),
    "auto_precedence": _("Its header Precedence says that it is automatic."),
    "auto_suppress": _("Its header X-Auto-Response-Suppress says that it is automatic."),
    "auto_null_sender": _("Its return path is empty, as with automatic mails."),
    "auto_autoreply": _("Its header X-Autoreply says that it is an automatic answer."),
    "auto_subject": _("Its subject begins as that of an automatic answer."),
    "auto_receipt": _("It is a receipt."),
    "came_before": _("The same mail came before."),
}
NOTES = {
    "charset_unknown": _("The text says a character set that does not exist: %(charset)s."),
    "charset_guessed": _("The text says %(charset)s, but it is %(used)s."),
    "charset_broken": _("Some characters are broken in %(charset)s."),
    "text_cut": _("The text is longer than %(most)d characters; the rest stands in the original."),
}


def sentences(reasons, table=None):
    """[[code, {values}], …] as sentences."""
    return [sentence(code, values, table or WHY) for code, values in reasons]


def sentence(code, values, table):
    text = table.get(code)
    if text is None:
        return code
    try:
        return str(text) % values
    except (KeyError, TypeError, ValueError):
        return str(text)


def notes(reasons):
    """What was guessed while reading, as sentences."""
    return sentences(reasons, NOTES)
