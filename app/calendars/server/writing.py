"""Conditional writes that end in certainty: after an unclear answer, look before asking again.

A failed PUT is not a failed write: 5xx answers and time-outs can have stored the object, and a 412 on
create may be the echo of our own earlier attempt.

A weak ETag, or none, is no precondition: If-Match compares strongly, so that a weak one never matches
(RFC 9110, 13.1.1), and asking with it would be refused for ever. Such an object is looked at right before
the write, which then goes without a condition, and looked at again afterwards.
"""

import hashlib
from collections.abc import Callable

from app.calendars.errors import BadAnswer, CalendarTrouble, Changed, Gone
from app.calendars.values import CalendarServer, Fetched

_ATTEMPTS = 2
_MADE_UP = "text:"


def is_strong(etag: str) -> bool:
    """Whether an ETag can guard a write (RFC 9110, 8.8.1)."""
    return bool(etag) and is_told(etag) and not etag.startswith("W/")


def is_told(version: str) -> bool:
    """Whether a version is an ETag of the server's, and not a digest in place of one."""
    return not version.startswith(_MADE_UP)


def version_of(etag: str, text: str) -> str:
    """What tells versions of an object apart: its ETag, without one a digest of what it says.

    When a server makes the text anew for each answer, its time of writing (DTSTAMP) says nothing.
    """
    if etag:
        return etag
    lines = [line for line in text.splitlines() if line.strip() and not line.upper().startswith("DTSTAMP")]
    return _MADE_UP + hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_same(left: str, right: str) -> bool:
    """Whether two versions are the same by weak comparison (RFC 9110, 8.8.3.2): proxies weaken ETags."""
    return bool(left) and left.removeprefix("W/") == right.removeprefix("W/")


def put_new(server: CalendarServer, href: str, text: str, is_ours: Callable[[str], bool]) -> str:
    """Create an object at an href that nobody else uses; the ETag of what stands there then.

    ``is_ours`` says whether a text is this very write. Raises Changed when something else stands there, or
    with no ``current`` when the UID is taken elsewhere or the server put it at an href of its own;
    CalendarTrouble when it is not written or unknown.
    """
    return _put(server, href, text, None, None, is_ours)


def put_changed(
    server: CalendarServer, href: str, text: str, etag: str, is_ours: Callable[[str], bool], known: str = ""
) -> str:
    """Change the version with that ETag; the ETag of what stands there then.

    ``known`` is the text of that version, for servers that tell no ETag: without both, what stands there is
    taken for it. Raises Changed, with what stands there, when somebody else changed it, and Gone when it is
    deleted.
    """
    before = version_of(etag, known) if etag or known else ""
    if is_strong(etag):
        return _put(server, href, text, etag, before, is_ours)
    current = server.get(href)
    if current is None:
        raise Gone("gone")
    if is_ours(current.text):
        return current.etag
    there = version_of(current.etag, current.text)
    if before and not is_same(there, before):
        raise Changed(current)
    return _put(server, href, text, "" if not current.etag else current.etag, there, is_ours)


def _put(
    server: CalendarServer,
    href: str,
    text: str,
    etag: str | None,
    before: str | None,
    is_ours: Callable[[str], bool],
) -> str:
    unclear: CalendarTrouble = BadAnswer("unclear", is_unclear=True)
    for _ in range(_ATTEMPTS):
        is_taken = False
        try:
            told = server.put(href, text, etag=etag)
            if is_strong(told) and (etag is None or is_strong(etag)):
                return told
            is_taken = True
            # Servers that rewrite the object tell no ETag: only the stored version counts.
        except (Changed, Gone) as error:
            return _settled(server.get(href), etag, is_ours, error)
        except CalendarTrouble as error:
            if not error.is_unclear:
                raise
            unclear = error
        current = server.get(href)
        if current is not None and is_ours(current.text):
            return current.etag
        if current is not None and not is_same(version_of(current.etag, current.text), before or ""):
            raise Changed(current)
        if current is None and etag is not None:
            raise Gone("gone")
        if is_taken and current is None:
            # Some servers choose the href themselves (Zimbra): once more would make a second one.
            raise Changed(None, "elsewhere")
    raise unclear


def _settled(
    current: Fetched | None, etag: str | None, is_ours: Callable[[str], bool], error: CalendarTrouble
) -> str:
    """After a refused precondition: our own earlier attempt is success, the rest is somebody's change."""
    if current is not None and is_ours(current.text):
        return current.etag
    if current is not None:
        raise Changed(current) from error
    if etag is None and isinstance(error, Changed):
        # Nothing stands here: the UID is taken at another href, or the calendar itself is gone.
        raise error
    raise Gone("gone") from error


def remove(server: CalendarServer, href: str, etag: str | None, known: str = "") -> None:
    """Delete the version with that ETag (None: whatever stands there); being gone counts as deleted.

    ``known`` is that version's text, as in put_changed. Raises Changed, with what stands there, when somebody
    else changed it meanwhile.
    """
    guard, before = etag, version_of(etag or "", known) if etag or known else ""
    if etag is not None and not is_strong(etag):
        current = server.get(href)
        if current is None:
            return
        if before and not is_same(version_of(current.etag, current.text), before):
            raise Changed(current)
        guard = None
    unclear: CalendarTrouble = BadAnswer("unclear", is_unclear=True)
    for _ in range(_ATTEMPTS):
        try:
            server.delete(href, guard)
            return
        except Gone:
            return
        except Changed as error:
            current = server.get(href)
            if current is None:
                return
            raise Changed(current) from error
        except CalendarTrouble as error:
            if not error.is_unclear:
                raise
            unclear = error
        current = server.get(href)
        if current is None:
            return
        if before and not is_same(version_of(current.etag, current.text), before):
            raise Changed(current)
    raise unclear
