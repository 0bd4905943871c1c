"""A mail server on a real socket, for what goes out and for mailboxes that are fetched: it delivers
into the IMAP server of a mailbox, keeps the rest, and misbehaves as a test wants.
"""

import asyncio
import socket
import ssl
import subprocess
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Post:
    """`boxes`: {address: imap_server.Server}. `answers` and `seconds` are by recipient, `at_data` are
    answers to the next mails: a line, "drop" before or "take_and_drop" after it is taken."""

    def __init__(self, boxes=None):
        self.boxes = boxes or {}
        self.received, self.were_encrypted = [], []
        self.answers, self.seconds, self.at_data, self.at_mail = {}, {}, [], []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.at_mail:
            return self.at_mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        await asyncio.sleep(self.seconds.get(address, 0))
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        trouble = self.at_data.pop(0) if self.at_data else ""
        if trouble[:1].isdigit():
            return trouble
        if trouble != "drop":
            self._deliver(session, envelope)
        if trouble:
            server.transport.abort()
        return "250 OK"

    def _deliver(self, session, envelope):
        for address in envelope.rcpt_tos:
            local, _, domain = address.casefold().partition("@")
            box = self.boxes.get(f"{local.partition('+')[0]}@{domain}")
            if box is not None:
                box.add(envelope.content)
                continue
            found = message_from_bytes(envelope.content, policy=policy.default)
            self.received.append((address, found))
            self.were_encrypted.append(session.ssl is not None)

    def mails_to(self, address):
        return [found for to, found in self.received if to == address]

    @property
    def ids(self):
        return [found["Message-ID"] for _to, found in self.received]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def use(settings, port=None):
    """Let the desk send to this port of the machine. Returns it."""
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = SMTP, 5
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port or free_port()
    return settings.EMAIL_PORT


@contextmanager
def serving(settings, post, port=None, **options):
    """Run the server for a while; `options` are those of aiosmtpd."""
    port = use(settings, port)
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def self_made(folder):
    """(path of a certificate for 127.0.0.1 that nobody else has signed, a server's context of it)."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return str(certificate), context
