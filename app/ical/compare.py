"""Whether what a calendar server holds is what we wrote."""

from app.ical.event import CalendarEvent, read_event
from app.ical.writing import clean_line, utc


def is_same_write(text: str, event: CalendarEvent) -> bool:
    """Whether the stored object is this very write, though the server wrote the bytes anew.

    UID, SEQUENCE, start, end and summary decide; Radicale, Xandikos and SOGo keep no bytes.
    """
    stored = read_event(text, event.uid)
    return (
        stored is not None
        and stored.sequence == event.sequence
        and stored.starts_at == utc(event.starts_at)
        and stored.ends_at == utc(event.ends_at)
        and clean_line(stored.summary) == clean_line(event.summary)
    )
