"""Reading the service's mailbox: what is new there, in bounded pieces, and marking what was judged."""

import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from app.config import Settings
from app.mail.errors import NotFetched

# For each answer of the server, and for everything between connecting and leaving.
_TIMEOUT_SECONDS = 10
_TOTAL_SECONDS = 60
_DEFAULT_PORTS = {"imap": 143, "imap+starttls": 143, "imaps": 993}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An open mailbox; every method raises NotFetched when the server fails."""

    _box: BaseMailBox

    def unread(self, limit: int) -> list[str]:
        """The UIDs of what was not judged yet, the oldest first."""
        with _our_words():
            return sorted(self._box.uids("UNSEEN UNDELETED", charset=None), key=int)[:limit]

    def size(self, uid: str) -> int:
        """How many bytes a message has; 0 when it is gone."""
        found = _SIZE.search(b" ".join(_pieces(self._ask("FETCH", uid, "(RFC822.SIZE)"))))
        return int(found[1]) if found else 0

    def content(self, uid: str, limit: int) -> bytes:
        """The first ``limit`` bytes of a message, which stays as unread as it was."""
        answer = self._ask("FETCH", uid, f"(BODY.PEEK[]<0.{limit}>)")
        return next((bytes(item[1])[:limit] for item in answer if isinstance(item, tuple)), b"")

    def mark(self, uid: str, *, for_people: bool = False) -> None:
        """It was judged; ``for_people``: somebody should read it, so it is flagged."""
        # Not by the library's flag(), which also expunges whatever somebody has marked as deleted.
        self._ask("STORE", uid, "+FLAGS", "(\\Seen \\Flagged)" if for_people else "(\\Seen)")

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        with _our_words():
            status, answer = self._box.client.uid(command, *arguments)
            if status != "OK":
                raise imaplib.IMAP4.error(f"{command}: {status}")
        return answer


@contextmanager
def open_mailbox(settings: Settings) -> Iterator[Mailbox]:
    """The folder that IMAP_URL names, for a minute at most once the server greets; raises NotFetched."""
    with _our_words():
        box = _connect(settings.imap_url)
    watchdog = threading.Timer(_TOTAL_SECONDS, _hang_up, [box.client.socket()])
    watchdog.daemon = True
    watchdog.start()
    try:
        with _our_words():
            _sign_in(box, settings.imap_url)
        yield Mailbox(box)
    finally:
        with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
            box.logout()
        watchdog.cancel()


def _connect(url: str) -> BaseMailBox:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or _DEFAULT_PORTS[parts.scheme]
    match parts.scheme:
        case "imaps":
            return MailBox(host, port, _TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
        case "imap+starttls":
            return MailBoxStartTls(host, port, _TIMEOUT_SECONDS, ssl.create_default_context())
    return MailBoxUnencrypted(host, port, _TIMEOUT_SECONDS)


def _sign_in(box: BaseMailBox, url: str) -> None:
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    sign_in = box.login if (user + password).isascii() else box.login_utf8
    sign_in(user, password, unquote(parts.path[1:]) or "INBOX")


def _hang_up(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


def _pieces(answer: list[Any]) -> Iterator[bytes]:
    for item in answer:
        if isinstance(item, tuple):
            yield from (piece for piece in item if isinstance(piece, bytes))
        elif isinstance(item, bytes):
            yield item


@contextmanager
def _our_words() -> Iterator[None]:
    """Whatever the library or the network says, as NotFetched; an answer's text may name no password."""
    try:
        yield
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        raise NotFetched(f"mailbox: {' '.join(str(error).split())[:200]}") from error
    except (OSError, ValueError, UnicodeError) as error:
        raise NotFetched(f"mailbox: {type(error).__name__}") from error
