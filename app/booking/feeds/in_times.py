"""When a specialist is in, as entries that say nothing else (docs/decisions/0008-presence-feed.md)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.booking.in_words import first_name
from app.customers.profiles import SpecialistProfile
from app.ical.event import CalendarEvent
from app.lib.intervals import Interval
from app.mail.wording import words


def in_events(
    specialist: SpecialistProfile,
    spans: Sequence[Interval],
    language: str,
    public_url: str,
    made_at: datetime,
) -> list[CalendarEvent]:
    """An entry for each span in which the specialist is in and free.

    ``made_at`` is when the link was made: the moment of all entries.
    """
    text = words(language).gettext("%(name)s is in") % {"name": first_name(specialist.name)}
    return [_event(specialist, span, text, public_url, made_at) for span in spans]


def unknown_events(
    specialist: SpecialistProfile,
    spans: Sequence[Interval],
    language: str,
    public_url: str,
    made_at: datetime,
) -> list[CalendarEvent]:
    """The entries that say that nobody knows at the moment when the specialist is in."""
    sentence = words(language).gettext("It is not known at the moment when %(name)s is in")
    text = sentence % {"name": first_name(specialist.name)}
    return [_event(specialist, span, text, public_url, made_at, mark="unknown-") for span in spans]


def _event(
    specialist: SpecialistProfile,
    span: Interval,
    text: str,
    public_url: str,
    made_at: datetime,
    mark: str = "",
) -> CalendarEvent:
    # The UID holds the times: an entry never changes, so that one moment of writing does for ever.
    times = f"{span.start.astimezone(UTC):%Y%m%dT%H%M}-{span.end.astimezone(UTC):%Y%m%dT%H%M}"
    return CalendarEvent(
        uid=f"presence-{mark}{specialist.public_id}-{times}",
        starts_at=span.start,
        ends_at=span.end,
        summary=text,
        url=f"{public_url}/book",
        stamped_at=made_at,
        created_at=made_at,
        is_free=True,
    )
