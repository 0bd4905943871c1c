"""A mail backend that keeps mails instead of sending them: one file a Message-ID, which the page
of outgoing mail shows. For trying out and for development."""

import hashlib
import os
import tempfile
from email import policy
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Keeps each message in settings.EMAIL_FILE_PATH. A repeat replaces its former self."""

    def send_messages(self, email_messages):
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            sent = message.message()
            _write(_path(sent["Message-ID"]), sent.as_bytes(linesep="\r\n"))
        return len(email_messages)


def read(message_id):
    """The kept message with this id, or None."""
    path = _path(message_id)
    if not message_id or not path.is_file():
        return None
    return BytesParser(policy=policy.default).parsebytes(path.read_bytes())


def _path(message_id):
    name = hashlib.sha256((message_id or "").encode()).hexdigest()[:40]
    return Path(settings.EMAIL_FILE_PATH) / f"{name}.eml"


def _write(path, content):
    """Whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)
