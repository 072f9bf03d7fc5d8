"""Independent eyes: calendars by plain HTTP, mails by the standard library, iCalendar by another parser."""

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

import requests
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from tests.support.mail import mail_text
from tests.support.ports import wait_until
from tests.support.service import RunningService

_AVAILABILITY = "{urn:ietf:params:xml:ns:caldav}calendar-availability"
_SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_ASK_AVAILABILITY = f"<d:propfind {_SPACES}><d:prop><c:calendar-availability/></d:prop></d:propfind>"
_SET_AVAILABILITY = (
    f"<d:propertyupdate {_SPACES}><d:set><d:prop><c:calendar-availability>{{text}}</c:calendar-availability>"
    "</d:prop></d:set></d:propertyupdate>"
)


def parse(text: str) -> Calendar:
    """A VCALENDAR read by a parser that the product does not use."""
    return IcsCalendarStream.calendar_from_ics(text)


@dataclass(frozen=True)
class DavUser:
    """Somebody with another calendar program: nothing of the product's own client is used."""

    server: str
    name: str
    password: str

    @classmethod
    def of(cls, service: RunningService, name: str) -> "DavUser":
        """The owner of calendars on the embedded server."""
        lines = (service.data_dir / "caldav" / "users").read_text().splitlines()
        return cls(service.caldav_url, name, dict(line.split(":", 1) for line in lines)[name])

    def request(self, method: str, path: str, body: str = "", **headers: str) -> requests.Response:
        """Any request; underscores of header names mean hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        login = (self.name, self.password)
        return requests.request(
            method, self.server + path, data=body.encode(), headers=sent, auth=login, timeout=15
        )

    def paths(self, calendar: str) -> list[str]:
        """The objects of one calendar, like ``/sam/calendar/x.ics``."""
        answer = self.request("PROPFIND", f"/{self.name}/{calendar}/", Depth="1")
        assert answer.status_code == 207, answer.text
        hrefs = (node.text or "" for node in ElementTree.fromstring(answer.content).iter("{DAV:}href"))
        return sorted(requests.utils.unquote(href) for href in hrefs if href.endswith(".ics"))

    def get(self, path: str) -> requests.Response:
        """One object; its ETag is in the headers."""
        answer = self.request("GET", path)
        assert answer.status_code == 200, answer.text
        return answer

    def put(self, path: str, text: str, etag: str = "") -> None:
        """Create an object, or change the version that has this ETag."""
        guard = {"If_Match": etag} if etag else {"If_None_Match": "*"}
        answer = self.request("PUT", path, text, Content_Type="text/calendar; charset=utf-8", **guard)
        assert answer.status_code in {201, 204}, answer.text

    def availability(self) -> str:
        """The calendar-availability property of the home (RFC 7953, 7.2.2), '' without one."""
        answer = self.request("PROPFIND", f"/{self.name}/", _ASK_AVAILABILITY, Depth="0")
        assert answer.status_code == 207, answer.text
        return next(
            (node.text or "" for node in ElementTree.fromstring(answer.content).iter(_AVAILABILITY)), ""
        )

    def set_availability(self, text: str) -> None:
        """Replace that property."""
        answer = self.request("PROPPATCH", f"/{self.name}/", _SET_AVAILABILITY.format(text=escape(text)))
        assert answer.status_code == 207, answer.text

    def event(self, uid: str, calendar: str = "calendar") -> Event | None:
        """The event with this UID, if it stands there."""
        answer = self.request("GET", f"/{self.name}/{calendar}/{uid}.ics")
        return parse(answer.content.decode()).events[0] if answer.ok else None

    def own_events(self, calendar: str = "calendar") -> list[Event]:
        """The events that the service wrote for calls."""
        texts = (self.get(path).content.decode() for path in self.paths(calendar) if "attache-" in path)
        return [event for text in texts for event in parse(text).events]


@dataclass(frozen=True)
class Letter:
    """A mail of the demo, as another mail program reads it."""

    subject: str
    text: str
    method: str
    events: list[Event]

    @property
    def event(self) -> Event:
        """The only event of its calendar part."""
        (event,) = self.events
        return event


def _read(path: Path) -> tuple[str, Letter]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    method = str(calendars[0].get_param("method")) if calendars else ""
    parsed = [parse(part.get_content()) for part in calendars]
    assert all(str(calendar.method) == method for calendar in parsed)
    letter = Letter(
        subject=str(message["Subject"]),
        text=mail_text(message),
        method=method,
        events=[event for calendar in parsed for event in calendar.events],
    )
    return str(message["To"]), letter


def letters_to(service: RunningService, address: str) -> list[Letter]:
    """Every mail to somebody so far, in order."""
    found = (_read(path) for path in sorted((service.data_dir / "mail").glob("*.eml")))
    return [letter for recipient, letter in found if address in recipient]


def letters_about(service: RunningService, address: str, uid: str) -> list[Letter]:
    """The mails to somebody whose calendar part is about this event."""
    mails = letters_to(service, address)
    return [letter for letter in mails if any(event.uid == uid for event in letter.events)]


def wait_for_letters(service: RunningService, address: str, uid: str, count: int) -> list[Letter]:
    """The mails about an event, once there are so many."""
    wanted = f"{count} mails to {address} about {uid}"
    wait_until(lambda: len(letters_about(service, address, uid)) >= count, 60, wanted)
    return letters_about(service, address, uid)


def moment(text: str) -> datetime:
    """An RFC 3339 moment of the API or of a page."""
    return datetime.fromisoformat(text)
