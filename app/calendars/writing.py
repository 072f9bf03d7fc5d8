"""Conditional writes that end in certainty: after an unclear answer, look before asking again.

A failed PUT is not a failed write: 5xx answers and time-outs can have stored the object, and a 412 on
create may be the echo of our own earlier attempt.
"""

from collections.abc import Callable

from app.calendars.errors import BadAnswer, CalendarTrouble, Changed, Gone
from app.calendars.values import CalendarServer, Fetched

_ATTEMPTS = 2


def put_new(server: CalendarServer, href: str, text: str, is_ours: Callable[[str], bool]) -> str:
    """Create an object at an href that nobody else uses; the ETag of what stands there then.

    ``is_ours`` says whether a text is this very write. Raises Changed when something else stands there (or
    the UID is taken elsewhere: ``current`` is None), CalendarTrouble when it is not written or unknown.
    """
    return _put(server, href, text, None, is_ours)


def put_changed(
    server: CalendarServer, href: str, text: str, etag: str, is_ours: Callable[[str], bool]
) -> str:
    """Change the version with that ETag; the ETag of what stands there then.

    Raises Changed, with what stands there, when somebody else changed it, and Gone when it is deleted.
    """
    return _put(server, href, text, etag, is_ours)


def _put(
    server: CalendarServer, href: str, text: str, etag: str | None, is_ours: Callable[[str], bool]
) -> str:
    unclear: CalendarTrouble = BadAnswer("unclear", is_unclear=True)
    for _ in range(_ATTEMPTS):
        try:
            told = server.put(href, text, etag=etag)
            if told:
                return told
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
        if current is not None and current.etag != etag:
            raise Changed(current)
        if current is None and etag is not None:
            raise Gone("gone")
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


def remove(server: CalendarServer, href: str, etag: str | None) -> None:
    """Delete the version with that ETag; what is already gone counts as deleted.

    Raises Changed, with what stands there, when somebody else changed it meanwhile.
    """
    unclear: CalendarTrouble = BadAnswer("unclear", is_unclear=True)
    for _ in range(_ATTEMPTS):
        try:
            server.delete(href, etag)
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
        if etag is not None and current.etag != etag:
            raise Changed(current)
    raise unclear
