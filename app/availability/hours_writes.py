"""One write of an edit of hours, with its precondition, ended in certainty."""

from collections.abc import Callable

from app.availability.hours_edit import Step
from app.calendars.errors import CalendarTrouble, Changed
from app.calendars.server.writing import put_changed, put_new, remove
from app.calendars.syncing.reading import digest_of
from app.calendars.values import CalendarServer, Fetched

# What an edit fails with when the server says yes and keeps nothing (Cyrus, on the principal).
NOT_KEPT = "not_kept"


class NotKept(CalendarTrouble):
    """The server took the availability and forgot it: trying again would not help."""

    code = "calendar_not_kept"

    def __init__(self) -> None:
        super().__init__(NOT_KEPT)


def carry_out(
    server: CalendarServer | None, step: Step, is_ours: Callable[[str], bool]
) -> tuple[str, str | None]:
    """Write one step; ETag and text of what stands there then (None: deleted).

    Without a server only we keep it. Raises Changed or Gone when somebody else was faster, NotKept, and
    CalendarTrouble when it is not written or unknown.
    """
    if server is None:
        return digest_of(step.text), step.text
    match step.verb:
        case "create":
            return put_new(server, step.href, step.text, is_ours), step.text
        case "change":
            return put_changed(server, step.href, step.text, step.etag, is_ours), step.text
        case "set":
            return _set_property(server, step, is_ours)
    remove(server, step.href, step.etag)
    return "", None


def _set_property(
    server: CalendarServer, step: Step, is_ours: Callable[[str], bool]
) -> tuple[str, str | None]:
    """Look, replace, look again: a property has no precondition, and some servers forget it."""
    before = server.availability(step.href)
    if before is not None and is_ours(before):
        return _digest(before), before
    if _digest(before) != step.etag:
        raise _changed(step, before)
    server.set_availability(step.href, step.text)
    after = server.availability(step.href)
    if after is not None and is_ours(after):
        return _digest(after), after
    raise NotKept if after == before else _changed(step, after)


def _changed(step: Step, text: str | None) -> Changed:
    return Changed(None if text is None else Fetched(step.href, _digest(text), text))


def _digest(text: str | None) -> str:
    return "" if text is None else digest_of(text)
