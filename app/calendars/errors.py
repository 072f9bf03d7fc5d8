"""What can go wrong with somebody's calendar server, in our own words."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.lib.errors import DomainError

if TYPE_CHECKING:
    from app.calendars.values import Fetched


class CalendarTrouble(DomainError):
    """The calendar cannot be read or written at the moment.

    ``reason`` is a short word for logs and the specialist's own pages, never a text of the server's.
    ``is_unclear``: the server may have carried the request out, so look before asking again.
    """

    status = 503
    code = "calendar"
    state = "unreachable"

    def __init__(
        self, reason: str = "", *, is_unclear: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(reason or type(self).__name__)
        self.reason = reason
        self.is_unclear = is_unclear
        self.retry_after = retry_after


class NoCalendar(CalendarTrouble):
    """The person has no calendar account, or has not chosen the calendar that is needed."""

    code = "no_calendar"


class NotReached(CalendarTrouble):
    """No answer, or one that says "not now" (5xx, 429); trying again later is right."""

    code = "calendar_not_reached"


class CredentialsRefused(CalendarTrouble):
    """The server does not take user name and password; trying again would only lock the account."""

    code = "calendar_credentials"
    state = "refused"


class BadAnswer(CalendarTrouble):
    """The answer cannot be read, or is no CalDAV; all of it was thrown away."""

    code = "calendar_answer"
    state = "broken"


class Moved(BadAnswer):
    """The server answers from another address, ``address``, which the specialist has to confirm."""

    code = "calendar_moved"

    def __init__(self, address: str) -> None:
        super().__init__("moved")
        self.address = address


class TokenRefused(BadAnswer):
    """The sync-token is not taken any more (RFC 6578, 3.2): a full comparison is due."""


class Doubtful(CalendarTrouble):
    """A chosen calendar is suddenly empty, gone or another one: nothing of it is believed or deleted."""

    code = "calendar_doubtful"
    state = "missing"


class NoRight(CalendarTrouble):
    """The server refuses this operation to this user (rights, quota, size)."""

    code = "calendar_right"
    state = "missing"


class Gone(CalendarTrouble):
    """What should be read or changed is not there (404, 410)."""

    code = "calendar_gone"
    state = "missing"


class Changed(CalendarTrouble):
    """Somebody else has changed the object; ``current`` is what stands there now, None when nothing does."""

    code = "calendar_changed"

    def __init__(self, current: "Fetched | None" = None, reason: str = "changed") -> None:
        super().__init__(reason)
        self.current = current
