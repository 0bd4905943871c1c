"""A small IMAP server on a real socket, for the fetcher: one mailbox, UIDs, flags, COPY, EXPUNGE.

`drop_in` breaks the connection in the middle of handing out the mail with that UID, once. `trouble`
names what goes wrong with the next commands: {"STORE": ["drop", "hang", "trickle", "done_drop"]}. A
mail in `broken` is never handed out.
"""

import re
import socketserver
import threading


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, mails=(), *, password="secret", validity=7, token="", tls=None):
        super().__init__(("127.0.0.1", 0), Session)
        self.tls, self.trouble, self.broken = tls, {}, set()
        self.is_over = threading.Event()
        self.mails = {uid: bytes(raw) for uid, raw in enumerate(mails, 1)}
        self.flags, self.copied, self.commands = {}, {}, []
        self.password, self.validity, self.token = password, validity, token
        self.drop_in = 0

    @property
    def port(self):
        return self.server_address[1]

    def add(self, raw):
        self.mails[max(self.mails, default=0) + 1] = bytes(raw)

    def __enter__(self):
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return super().__enter__()

    def get_request(self):
        connected, address = super().get_request()
        return (
            self.tls.wrap_socket(connected, server_side=True) if self.tls else connected
        ), address

    def handle_error(self, request, client_address):
        """Who hangs up is a part of the tests."""

    def __exit__(self, *args):
        self.is_over.set()
        self.shutdown()
        return super().__exit__(*args)


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            self.server.commands.append(rest)
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
            trouble = self.server.trouble.get(name.upper())
            trouble = trouble.pop(0) if trouble else ""
            if trouble in {"drop", "hang", "trickle"}:
                self.fail(trouble)
                return
            done = getattr(self, f"do_{name.lower()}")(arguments)
            if done == "gone" or trouble == "done_drop":
                return
            self.say(f"{tag} {done or 'OK done'}")
            if name.upper() == "LOGOUT":
                return

    def fail(self, trouble):
        """Close at once, say nothing more, or say a little for ever."""
        while trouble != "drop" and not self.server.is_over.wait(0.05):
            if trouble == "trickle":
                self.wfile.write(b"*")

    def do_capability(self, _arguments):
        self.say("* CAPABILITY IMAP4rev1 UIDPLUS AUTH=XOAUTH2")

    def do_login(self, arguments):
        return "OK done" if f'"{self.server.password}"' in arguments else "NO wrong password"

    def do_authenticate(self, _arguments):
        import base64

        self.say("+ ")
        answer = base64.b64decode(self.rfile.readline().strip()).decode()
        return "OK done" if f"auth=Bearer {self.server.token}\x01" in answer else "NO wrong token"

    def do_select(self, arguments):
        if "INBOX" not in arguments:
            return "NO no such folder"
        self.say(f"* {len(self.server.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.server.validity}] ok")
        return "OK [READ-WRITE] selected"

    def do_search(self, arguments):
        first = int(re.search(r"(\d+):", arguments)[1])
        found = [uid for uid in self.server.mails if uid >= first]
        found = found or list(self.server.mails)[-1:]
        self.say("* SEARCH " + " ".join(str(uid) for uid in found))

    def do_fetch(self, arguments):
        uid = int(arguments.split()[0])
        raw = self.server.mails.get(uid)
        if raw is None:
            return None
        if "RFC822.SIZE" in arguments:
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            return None
        if uid in self.server.broken:
            return "NO this mail is damaged"
        if part := re.search(r"<0\.(\d+)>", arguments):
            raw = raw[: int(part[1])]
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode())
        if self.server.drop_in == uid:
            self.server.drop_in = 0
            self.wfile.write(raw[: len(raw) // 2])
            return "gone"
        self.wfile.write(raw + b")\r\n")
        return None

    def do_store(self, arguments):
        uid, _, flags = arguments.partition(" ")
        self.server.flags.setdefault(int(uid), set()).add(flags[flags.index("(") :])

    def do_copy(self, arguments):
        uid, _, folder = arguments.partition(" ")
        self.server.copied[int(uid)] = folder

    def do_expunge(self, arguments):
        for uid in [int(arguments)] if arguments else list(self.server.flags):
            if "(\\Deleted)" in self.server.flags.get(uid, ()):
                self.server.mails.pop(uid, None)

    def do_logout(self, _arguments):
        self.say("* BYE")
