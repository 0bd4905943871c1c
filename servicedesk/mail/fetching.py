"""Fetches mailboxes by IMAP. A mail is marked, moved or deleted on the server only after its row is
committed, and the place in the folder is kept by UID: a connection that breaks goes on from there.

One fetcher a mailbox: a lock of the database's session, which ends with whoever holds it. A mail
that the server cannot hand out is left there after three tries and told of; those behind it go on.
"""

import imaplib
import logging
import os
import re
import ssl
from contextlib import contextmanager, suppress
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from servicedesk.mail import intake, tokens
from servicedesk.mail.hanging import cut_off
from servicedesk.models import Mailbox

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=1)
LATER = timedelta(minutes=5)
SECONDS = 20  # the longest that the server may be silent
LONGEST_SWEEP = 60
AT_ONCE = 200
MOST_LEFT = 1000
TRIES = 3  # as often one mail may break the fetch before it is left on the server
LONGEST_TALK = 180  # seconds after which a server that only trickles is hung up on
LOCK = 40_711
UID = re.compile(rb"\bUID (\d+)\b")
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Trouble(Exception):
    """The mailbox cannot be fetched now; in words for the administrator."""


def sweep_due(limit=100):
    """Fetch or try out the mailboxes whose turn it is. Returns how many."""
    done, until = 0, monotonic() + LONGEST_SWEEP
    for mailbox in Mailbox.objects.to_fetch().order_by("next_fetch_at", "pk")[:limit]:
        if monotonic() > until:
            break
        done += fetch(mailbox, until=until)
    return done


def fetch(mailbox, *, until=None):
    """Take what is new in a mailbox, and note how it went. False where another one is at it."""
    with _locked(mailbox) as is_ours:
        if not is_ours:
            return False
        mailbox = Mailbox.objects.get(pk=mailbox.pk)
        is_check = mailbox.check_asked_at is not None
        try:
            with _session(mailbox) as session:
                if mailbox.is_active:
                    _take_new(mailbox, session, until or monotonic() + LONGEST_SWEEP)
        except (imaplib.IMAP4.error, OSError, tokens.Refused, Trouble, EOFError) as error:
            _note(mailbox, is_check, f"{error}" or type(error).__name__)
            return True
        _note(mailbox, is_check, "")
    return True


def take_left_ones(mailbox):
    """Let the next fetch begin at the first mail that was left on the server. What is here already
    is recognised by its bytes."""
    if mailbox.left_uids:
        Mailbox.objects.filter(pk=mailbox.pk).update(
            last_uid=min(mailbox.left_uids) - 1, left_uids=[], stuck_uid=0, stuck_tries=0,
            next_fetch_at=Now(),
        )  # fmt: skip


def _note(mailbox, is_check, error):
    known = Mailbox.objects.filter(pk=mailbox.pk)
    changes = {"last_error": " ".join(error.split())[:500]}
    if is_check:
        changes |= {"check_asked_at": None, "checked_at": Now()}
    if error:
        log.warning("mailbox %s: %s", mailbox.code, error)
        changes |= {"next_fetch_at": Now() + (LATER if mailbox.failing_since else EVERY)}
        if mailbox.failing_since is None:
            changes["failing_since"] = Now()
    else:
        changes |= {"failing_since": None, "last_fetched_at": Now(), "next_fetch_at": Now() + EVERY}
    known.update(**changes)


@contextmanager
def _locked(mailbox):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, mailbox.pk])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, mailbox.pk])


# --- talking --------------------------------------------------------------------------------------
@contextmanager
def _session(mailbox):
    """A connection that has signed in and selected the folder."""
    session = _connect(mailbox)
    try:
        with cut_off(session.sock, LONGEST_TALK):
            _sign_in(mailbox, session)
            status, _answer = session.select(_quoted(mailbox.folder))
            if status != "OK":
                raise Trouble(_("The folder “%(name)s” is not there.") % {"name": mailbox.folder})
            _check_validity(mailbox, session)
            yield session
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            session.logout()


def _connect(mailbox):
    if mailbox.security == Mailbox.Security.TLS:
        return imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=SECONDS
        )
    session = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=SECONDS)
    if mailbox.security == Mailbox.Security.STARTTLS:
        session.starttls(ssl_context=ssl.create_default_context())
    return session


def _sign_in(mailbox, session):
    secret = secret_of(mailbox.secret_env)
    if mailbox.sign_in == Mailbox.SignIn.PASSWORD:
        session.login(mailbox.username, secret)
        return
    token = tokens.access_token(
        mailbox, secret, secret_of(mailbox.client_secret_env, is_needed=False)
    )
    answer = f"user={mailbox.username}\x01auth=Bearer {token}\x01\x01".encode()
    session.authenticate("XOAUTH2", lambda challenge: b"" if challenge.strip() else answer)


def secret_of(variable, *, is_needed=True):
    """What the environment holds under this name; secrets stand nowhere else."""
    value = os.environ.get(variable, "") if variable else ""
    if not value and is_needed:
        raise Trouble(
            _("The environment variable %(name)s is not set.") % {"name": variable or "–"}
        )
    return value


def _quoted(text):
    """A string of IMAP, with names beyond ASCII in its own UTF-7."""
    if not text.isascii():
        text = _utf7(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(text):
    def encoded(found):
        made = found[0].encode("utf-7").decode("ascii")
        return made.replace("+", "&", 1).replace("/", ",")

    return re.sub(r"[^\x00-\x7f]+", encoded, text.replace("&", "&-"))


def _check_validity(mailbox, session):
    """A folder that was made anew counts its UIDs anew: everything in it is looked at once more,
    and what is here already is recognised by its bytes."""
    _status, answer = session.response("UIDVALIDITY")
    validity = int(answer[0]) if answer and answer[0] else 0
    if validity != mailbox.uid_validity:
        mailbox.uid_validity, mailbox.last_uid = validity, 0
        mailbox.left_uids = []
        _remember(mailbox)


def _remember(mailbox):
    Mailbox.objects.filter(pk=mailbox.pk).update(
        uid_validity=mailbox.uid_validity, last_uid=mailbox.last_uid,
        stuck_uid=mailbox.stuck_uid, stuck_tries=mailbox.stuck_tries, left_uids=mailbox.left_uids,
    )  # fmt: skip


# --- taking ---------------------------------------------------------------------------------------
def _take_new(mailbox, session, until):
    for uid in _new_uids(mailbox, session)[:AT_ONCE]:
        if monotonic() > until:
            break
        if mailbox.stuck_uid == uid and mailbox.stuck_tries >= TRIES:
            mailbox.left_uids = [*mailbox.left_uids, uid][-MOST_LEFT:]
        else:
            _take(mailbox, session, uid)
        mailbox.last_uid = max(mailbox.last_uid, uid)
        mailbox.stuck_uid = mailbox.stuck_tries = 0
        _remember(mailbox)


def _take(mailbox, session, uid):
    """One mail. That it broke the fetch is counted where the server is to blame."""
    try:
        raw = _raw(session, uid)
    except (imaplib.IMAP4.error, OSError, Trouble, EOFError):
        tries = mailbox.stuck_tries if mailbox.stuck_uid == uid else 0
        mailbox.stuck_uid, mailbox.stuck_tries = uid, tries + 1
        _remember(mailbox)
        raise
    if raw is not None:
        intake.receive(raw, mailbox, source="imap")
        _put_away(mailbox, session, uid)


def _new_uids(mailbox, session):
    status, answer = session.uid("SEARCH", None, f"UID {mailbox.last_uid + 1}:*")
    if status != "OK":
        raise Trouble(_("The mail server does not answer the search."))
    # “5:*” names the last mail even where its UID is smaller
    found = sorted(int(uid) for uid in b" ".join(part for part in answer if part).split())
    return [uid for uid in found if uid > mailbox.last_uid]


def _raw(session, uid):
    """The mail's bytes without marking it; of one that is far too large, its head. None where it
    has gone meanwhile."""
    _status, answer = session.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = next((int(found[1]) for part in answer if part and (found := SIZE.search(part))), 0)
    most = 2 * settings.MAIL_IN_MOST_BYTES
    what = "(BODY.PEEK[])" if size <= most else f"(BODY.PEEK[]<0.{most}>)"
    status, answer = session.uid("FETCH", str(uid), what)
    if status != "OK":
        raise Trouble(_("The mail server does not hand out mail %(uid)d.") % {"uid": uid})
    parts = [part[1] for part in answer if isinstance(part, tuple)]
    return parts[0] if parts else None


def _put_away(mailbox, session, uid):
    """After the row stands. A server that refuses keeps the mail where it is; nothing is lost."""
    if mailbox.after == Mailbox.After.KEEP:
        session.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")
    elif mailbox.after == Mailbox.After.DELETE:
        _delete(session, uid)
    elif mailbox.moved_to:
        status, _answer = session.uid("COPY", str(uid), _quoted(mailbox.moved_to))
        if status == "OK":
            _delete(session, uid)


def _delete(session, uid):
    session.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
    if "UIDPLUS" in session.capabilities:
        session.uid("EXPUNGE", str(uid))
    else:
        session.expunge()
