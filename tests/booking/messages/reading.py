"""A mail of ours read strictly: its headers, and its calendar part by two parsers that do not know us."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
from ical.calendar_stream import IcsCalendarStream

from app.mail.draft import Draft, to_bytes
from tests.booking.made_up import NOW

ID = "<b@attache.example>"


@dataclass(frozen=True)
class Read:
    """What a client has of a mail; ``event`` by the strict parser, ``lines`` unfolded."""

    message: EmailMessage
    text: str
    html: str
    calendar: bytes
    event: icalendar.Event

    @property
    def headers(self) -> list[str]:
        return sorted(name.lower() for name in self.message)

    @property
    def names(self) -> list[str]:
        """The names of all lines of the calendar part, in order."""
        lines = self.calendar.decode().replace("\r\n ", "").split("\r\n")
        return [line.replace(";", ":").partition(":")[0] for line in lines]


def read(draft: Draft, first_id: str = "") -> Read:
    """Read a mail with a calendar part as RFC 6047 and icalendar.org's rules want it; fails on any flaw."""
    content = to_bytes(draft, ID, first_id, NOW)
    assert content.isascii() and b"\n" not in content.replace(b"\r\n", b"") and b"\r\r" not in content
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = list(message.walk())
    assert [part.get_content_type() for part in parts] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert not any(part.defects for part in parts)
    inline, file = parts[4:]
    assert inline.get_content_disposition() is None and inline["Content-Transfer-Encoding"] == "base64"
    assert file.get_content_disposition() == "attachment" and file.get_param("name") == "invite.ics"
    body = inline.get_payload(decode=True)
    assert isinstance(body, bytes) and file.get_payload(decode=True) == body
    return Read(
        message, _text(parts[2]), _text(parts[3]), body, _event(body, str(inline.get_param("method")))
    )


def _text(part: EmailMessage) -> str:
    return str(part.get_content())


def _event(body: bytes, method: str) -> icalendar.Event:
    assert b"\n" not in body.replace(b"\r\n", b"") and max(map(len, body.split(b"\r\n"))) <= 75
    calendar = icalendar.Calendar.from_ical(body)
    assert calendar["METHOD"] == method and not calendar.errors
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event) and not event.errors and not event.subcomponents
    other = IcsCalendarStream.calendar_from_ics(body.decode())
    assert other.method == method
    (seen,) = other.events
    assert (seen.uid, seen.sequence, seen.dtstart) == (event["UID"], event["SEQUENCE"], event.start)
    assert [str(one.uri) for one in seen.attendees] == [str(event["ATTENDEE"])]
    return event
