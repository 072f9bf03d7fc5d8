"""An IMAP server on loopback that speaks as much of RFC 3501 as reading a mailbox needs."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

_COMMAND = re.compile(rb"(\S+) (UID )?(\S+) ?(.*)\r\n", re.DOTALL)
USER, PASSWORD = "calls", "calls@secret"  # noqa: S105


@dataclass
class Stored:
    """A message with its UID and flags."""

    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class FakeMailbox:
    """The server; ``said`` is every command it was given, ``refuses`` names commands it says NO to.

    ``hangs`` names a command that it never answers, ``damaged`` the UIDs that it does not give out.
    """

    port: int = 0
    messages: list[Stored] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    hangs: str = ""
    damaged: set[int] = field(default_factory=set)

    @property
    def url(self) -> str:
        """What IMAP_URL would say."""
        return f"imap://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/INBOX"

    def append(self, content: bytes) -> None:
        """A mail arrives."""
        self.messages.append(Stored(len(self.messages) + 11, content))

    def flags(self) -> list[set[str]]:
        """The flags of each message, in order of arrival."""
        return [message.flags - {"\\Recent"} for message in self.messages]

    def answer(self, uid: bool, name: str, rest: str) -> bytes:
        """The untagged lines of an answer; raises ValueError for what is refused."""
        if name in self.refuses:
            raise ValueError("not now")
        match name:
            case "CAPABILITY":
                return b"* CAPABILITY IMAP4rev1\r\n"
            case "LOGIN":
                if rest != f'"{USER}" "{PASSWORD}"':
                    raise ValueError("[AUTHENTICATIONFAILED] no")
            case "SELECT":
                if rest.strip('"') != "INBOX":
                    raise ValueError("no such folder")
                return b"* %d EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n" % len(self.messages)
            case "SEARCH" if uid:
                found = [message.uid for message in self.messages if "\\Seen" not in message.flags]
                return b"* SEARCH " + " ".join(str(number) for number in reversed(found)).encode() + b"\r\n"
            case "FETCH" if uid:
                return self._fetch(rest)
            case "STORE" if uid:
                number, flags = rest.split(" +FLAGS ")
                self._one(number).flags.update(flags.strip("()").split())
            case "LOGOUT":
                return b"* BYE\r\n"
            case _:
                raise ValueError(f"not spoken here: {name}")
        return b""

    def _one(self, number: str) -> Stored:
        return next(message for message in self.messages if message.uid == int(number))

    def _fetch(self, rest: str) -> bytes:
        number, wanted = rest.split(" ", 1)
        found = [message for message in self.messages if message.uid == int(number)]
        if not found:
            return b""
        if found[0].uid in self.damaged:
            raise ValueError("internal error")
        if "RFC822.SIZE" in wanted:
            return b"* 1 FETCH (UID %d RFC822.SIZE %d)\r\n" % (found[0].uid, len(found[0].content))
        piece = re.fullmatch(r"\(BODY\.PEEK\[\]<0\.(\d+)>\)", wanted)
        if piece is None:
            raise ValueError(f"not spoken here: {wanted}")
        content = found[0].content[: int(piece[1])]
        return b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (found[0].uid, len(content), content)


class _Talk(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        box: FakeMailbox = self.server.box  # type: ignore[attr-defined]
        self.wfile.write(b"* OK ready\r\n")
        while match := _COMMAND.fullmatch(self.rfile.readline()):
            tag, name, rest = match[1], match[3].decode().upper(), match[4].decode()
            box.said.append(f"{name} {rest}".strip())
            if name == box.hangs:
                self.rfile.read()
                return
            try:
                lines, status = box.answer(bool(match[2]), name, rest), b" OK done\r\n"
            except ValueError as error:
                lines, status = b"", f" NO {error}\r\n".encode()
            self.wfile.write(lines + tag + status)
            if name == "LOGOUT":
                return


@contextmanager
def running_mailbox() -> Iterator[FakeMailbox]:
    """Listen on a free port while open."""
    box = FakeMailbox()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
