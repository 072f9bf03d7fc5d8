"""Where somebody's working hours live, and where their time off is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.calendars.server.hrefs import parent
from app.calendars.values import COLLECTION, KEPT, AccountView


@dataclass(frozen=True, slots=True)
class HoursPlace:
    """The resource that holds the hours.

    ``source`` says what ``href`` is: ``collection`` (a calendar, ``name`` being its name), ``property`` (the
    availability on the calendar server, RFC 7953, 7.2.2) or ``kept`` (only we have it). ``booking_href`` is
    the calendar that takes the bookings (None: none does) on ``booking_account_id``: time off goes there
    when the hours themselves cannot say it. ``holds_events`` is False for a calendar that takes nothing but
    availabilities (Cyrus, by its supported-calendar-component-set).
    """

    account_id: int
    source: str
    href: str
    name: str
    booking_account_id: int
    booking_href: str | None
    holds_events: bool = True

    @property
    def is_kept(self) -> bool:
        """Whether the hours are nowhere but here."""
        return self.source == KEPT

    @property
    def is_calendar(self) -> bool:
        """Whether the hours are objects of a calendar."""
        return self.source == COLLECTION

    def holds(self, href: str) -> bool:
        """Whether an object is part of the hours themselves; time off may stand beside the bookings."""
        return self.href in (href, parent(href) if self.is_calendar else href)

    def account_of(self, href: str) -> int:
        """The account that an object of the hours, or a time off, is written on."""
        return self.account_id if self.holds(href) else self.booking_account_id


def place_of(accounts: Iterable[AccountView]) -> HoursPlace | None:
    """Where the hours are among a person's accounts, None when nothing is chosen for them."""
    hours = booking = None
    for account in accounts:
        for row in account.calendars:
            if row.purpose == "working_hours" and hours is None:
                hours = account.id, row
            if row.receives_bookings and booking is None:
                booking = account.id, row.href
    if hours is None:
        return None
    account_id, calendar = hours
    booking_account_id, booking_href = booking or (account_id, None)
    return HoursPlace(
        account_id,
        calendar.source,
        calendar.href,
        calendar.name,
        booking_account_id,
        booking_href,
        calendar.holds_events,
    )
