"""Files in, safely: sniffed, hashed, named opaquely, limited. A row never points at nothing."""

import hashlib
import re
import unicodedata
from pathlib import PurePath

import puremagic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import preferences
from records.models import Document

MOST_FILES = 10
CHUNK = 256 * 1024
# What may be shown as itself; everything else is an octet stream to the browser.
KNOWN_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".pdf": "application/pdf", ".txt": "text/plain", ".log": "text/plain",
    ".csv": "text/csv", ".zip": "application/zip", ".7z": "application/x-7z-compressed",
    ".doc": "application/msword", ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint", ".eml": "message/rfc822",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".json": "application/json", ".pcap": "application/vnd.tcpdump.pcap",
    ".mp4": "video/mp4", ".mp3": "audio/mpeg", ".heic": "image/heic",
}  # fmt: skip
SNIFFED = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".zip", ".docx", ".xlsx", ".pptx"}
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def safe_name(name):
    """A name that can be shown and saved: no path, no control or direction characters."""
    name = unicodedata.normalize("NFC", (name or "").replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(c for c in BIDI.sub("", name) if unicodedata.category(c)[0] != "C")
    stem, dot, ending = name.strip(" .").rpartition(".")
    name = f"{stem[:180]}.{ending[:20]}" if dot else ending[:200]
    return name or _("file")


def ending_of(name):
    return PurePath(name).suffix.lower()


def check(upload):
    """Raise ValidationError in words where a file may not come in."""
    most = int(preferences.get("upload_megabytes"))
    if upload.size > most * 1024 * 1024:
        raise ValidationError(
            _("“%(name)s” is larger than %(most)d MB.")
            % {"name": safe_name(upload.name), "most": most}
        )
    if upload.size == 0:
        raise ValidationError(_("“%(name)s” is empty.") % {"name": safe_name(upload.name)})
    ending = ending_of(upload.name)
    if ending not in KNOWN_TYPES:
        raise ValidationError(
            _("Files of the kind “%(ending)s” are not taken. Put it into a zip file.")
            % {"ending": ending or "?"}
        )
    if ending in SNIFFED and not _looks_like(upload, ending):
        raise ValidationError(
            _("“%(name)s” is not what its name says.") % {"name": safe_name(upload.name)}
        )


def _looks_like(upload, ending):
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    try:
        found = {match.extension.lower() for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return False
    same = {".jpg": {".jpg", ".jpeg", ".jfif"}, ".jpeg": {".jpg", ".jpeg", ".jfif"}}
    office = {".docx", ".xlsx", ".pptx", ".zip"}
    wanted = same.get(ending, office if ending in office else {ending})
    return bool(found & wanted)


def keep(upload, *, record, entry, by, is_internal, kind=Document.Kind.ATTACHMENT):
    """Write the file, then the row: hashed on the way, the folder's name says nothing."""
    check(upload)
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in iter(lambda: upload.read(CHUNK), b""):
        digest.update(chunk)
    upload.seek(0)
    name = safe_name(upload.name)
    document = Document(
        record=record, entry=entry, kind=kind, title=name, size=upload.size,
        mime=KNOWN_TYPES.get(ending_of(name), "application/octet-stream"),
        sha256=digest.hexdigest(), is_internal=is_internal, uploaded_by=by,
    )  # fmt: skip
    document.file.save(name, upload, save=False)
    document.save()
    return document
