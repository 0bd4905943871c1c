"""The process that reads mails: bytes in, what they say out. It has no database, little memory and
little time, so that a mail that kills its reader kills nothing else.

Frames: four bytes of length, then the content; in: JSON limits, then the mail; out: JSON.
"""

import base64
import json
import resource
import sys

from servicedesk.mail.parse import Limits, parse

MEMORY = 768 * 1024 * 1024


def read_frame(stream):
    size = stream.read(4)
    if len(size) < 4:
        return None
    return stream.read(int.from_bytes(size, "big"))


def write_frame(stream, content):
    stream.write(len(content).to_bytes(4, "big") + content)
    stream.flush()


def packed(parsed):
    data = parsed.as_dict()
    for one in data["attachments"]:
        one["content"] = base64.b64encode(one["content"]).decode("ascii")
    return json.dumps(data).encode("utf-8")


def unpacked(content):
    data = json.loads(content)
    for one in data["attachments"]:
        one["content"] = base64.b64decode(one["content"])
    return data


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (limits := read_frame(source)) is not None:
        raw = read_frame(source)
        if raw is None:
            return
        write_frame(sink, packed(parse(raw, Limits(**json.loads(limits)))))


if __name__ == "__main__":
    main()
