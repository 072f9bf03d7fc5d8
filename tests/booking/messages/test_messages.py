"""Every mail that changes a calendar: its form, and hostile text in every field of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from app.booking.events import event_for_contact, event_for_specialist, with_attendees
from app.booking.guests.letter import News, write_guest_letter
from app.booking.guests.values import AttendeeValue
from app.booking.letters.kinds import CANCELS, REQUESTS, Kind
from app.booking.letters.letter import Occasion, write_letter
from app.booking.values import CallValue
from app.config import Settings
from app.ical.edited import amended
from app.ical.event import write_event
from app.ical.people import has_people
from app.mail.draft import Draft
from tests.booking.made_up import NOW, SAM, call
from tests.booking.messages.reading import read

Write = Callable[[CallValue, AttendeeValue, Settings], Draft]
OLGA = AttendeeValue(12, "olga@nordwind.example", "Olga", False, "NEEDS-ACTION", sent_sequence=4)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}${7*7}<%= 7*7 %>",
    "javascript:alert(1)",
    '=HYPERLINK("https://evil.example","x")',
    "Olga\r\nBcc: evil@evil.example",
    "Olga\nATTENDEE:mailto:evil@evil.example",
    "Olga\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
    'Olga";RSVP=FALSE;CN="Egor',
    "a,b;c:d\\n\\,\\;\\\\",
    "Olga\u2028ORGANIZER:mailto:evil@evil.example",
    "Olga\u0085BEGIN:VALARM",
    "\u202egpj.exe\u2066",
    "Olga\x00\x07\x1b[31m",
    "Olga\ufffe\ufeff",
    "=?utf-8?q?=0D=0ABcc:_evil=40evil.example?=",
    "\r\n\r\n--=_0_battacheexample\r\nContent-Type: text/html\r\n\r\nhello",
    "%0d%0aBcc:evil@evil.example",
    "evil@evil.example, egor@evil.example <x@y.example>",
    "ж" * 190,
    "..\r\n.\r\nMAIL FROM:<evil@evil.example>",
)


def _of_contact(kind: Kind) -> Write:
    def write(booked: CallValue, _guest: AttendeeValue, settings: Settings) -> Draft:
        return write_letter(booked, Occasion(kind, reason=booked.topic), settings)

    return write


def _of_guest(news: News) -> Write:
    def write(booked: CallValue, guest: AttendeeValue, settings: Settings) -> Draft:
        return write_guest_letter(booked, guest, news, Occasion(Kind.UPDATED), settings, NOW)

    return write


def _messages() -> Iterator[Any]:
    for kind in sorted(REQUESTS | CANCELS):
        yield pytest.param(_of_contact(kind), "REQUEST" if kind in REQUESTS else "CANCEL", id=kind.value)
    for news in News:
        method = "REQUEST" if news in {News.INVITED, News.CHANGED, News.TAKEN_OVER} else "CANCEL"
        yield pytest.param(_of_guest(news), method, id=news.value)


MESSAGES = list(_messages())
EVERY_MESSAGE = pytest.mark.parametrize(("write", "method"), MESSAGES)
ONLY_WRITE = pytest.mark.parametrize("write", [pytest.param(item.values[0], id=item.id) for item in MESSAGES])


@EVERY_MESSAGE
def test_two_parsers_read_the_same_message_of_one_attendee_in_utc(
    write: Write, method: str, settings: Settings
) -> None:
    found = read(write(call(sequence=3), OLGA, settings), "<a@attache.example>")
    event, (recipient,) = found.event, found.message["To"].addresses
    assert found.message["References"] == found.message["In-Reply-To"] == "<a@attache.example>"
    assert found.message["Auto-Submitted"] == "auto-generated" and found.message["Reply-To"] is None
    assert str(event["ATTENDEE"]) == f"mailto:{recipient.addr_spec}"
    assert event["ORGANIZER"] == f"mailto:{settings.organizer_address}"
    assert event["ORGANIZER"].params["CN"] == "Sam Okafor"
    assert b"DTSTART:20261125T130000Z" in found.calendar and b"TZID" not in found.calendar
    asks = event["ATTENDEE"].params.get("RSVP") == "TRUE" and event["ATTENDEE"].params["PARTSTAT"]
    assert asks == ("NEEDS-ACTION" if method == "REQUEST" else False)
    for word in (b"SCHEDULE-", b"X-MICROSOFT-CDO", b"VALARM", b"X-ATTACHE", b"VTIMEZONE"):
        assert word not in found.calendar


@pytest.mark.parametrize(("news", "status"), [(News.CANCELLED, "CANCELLED"), (News.TAKEN_OFF, None)])
def test_only_the_end_of_the_whole_call_has_that_status(
    news: News, status: str | None, settings: Settings
) -> None:
    event = read(_of_guest(news)(call(), OLGA, settings)).event
    assert event.get("STATUS") == status and event["SEQUENCE"] == 5


def test_a_later_message_is_newer_even_of_one_sequence(settings: Settings) -> None:
    first, second = (
        write_guest_letter(
            call(), replace(OLGA, sent_sequence=None), News.INVITED, Occasion(Kind.INVITATION), settings, at
        )
        for at in (NOW, NOW + timedelta(minutes=5))
    )
    stamps = [read(draft).event["DTSTAMP"].dt for draft in (first, second)]
    assert stamps == [NOW, NOW + timedelta(minutes=5)]


def poisoned(text: str) -> tuple[CallValue, AttendeeValue]:
    """A call and a guest with the text wherever somebody may write one."""
    host = replace(SAM, name=text, titles={"en": text})
    booked = call(
        contact_name=text,
        company_name=text,
        topic=text,
        phone=text,
        specialist=host,
        call_type_names={"en": text},
    )
    return booked, replace(OLGA, name=text)


@ONLY_WRITE
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_adds_a_header_a_property_a_part_or_a_recipient(
    write: Write, text: str, settings: Settings
) -> None:
    plain, found = (read(write(*poisoned(words), settings)) for words in ("Olga", text))
    assert found.headers == plain.headers and found.names == plain.names
    assert [one.addr_spec for one in found.message["To"].addresses] == [
        one.addr_spec for one in plain.message["To"].addresses
    ]
    assert set(found.event["ATTENDEE"].params) == set(plain.event["ATTENDEE"].params)
    assert found.event["ATTENDEE"].params.get("RSVP") == plain.event["ATTENDEE"].params.get("RSVP")
    assert not any(mark in found.html for mark in ("<script", "<svg", '"javascript:'))
    for side in (found.event["ATTENDEE"], found.event["ORGANIZER"]):
        assert str(side) in {str(plain.event["ATTENDEE"]), str(plain.event["ORGANIZER"])}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_property_in_the_specialists_copy_or_a_file(text: str) -> None:
    for make in (event_for_specialist, event_for_contact):
        names = []
        for words in ("Olga", text):
            booked, _ = poisoned(words)
            file = write_event(make(booked, booked.span, "https://calls.example"))
            (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
            assert not event.errors and not event.subcomponents
            assert len(IcsCalendarStream.calendar_from_ics(file).events) == 1
            names.append(sorted(event.keys()))
        assert names[0] == names[1] and "ATTENDEE" not in names[0] and "ORGANIZER" not in names[0]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_property_in_a_copy_that_lists_guests(text: str, settings: Settings) -> None:
    names = []
    for words in ("Olga", text):
        booked, guest = poisoned(words)
        plain = event_for_specialist(booked, booked.span, "https://calls.example")
        listed = with_attendees(plain, booked, [guest], settings.organizer_address)
        later = replace(listed, sequence=9)
        for file in (write_event(listed), amended(write_event(listed), later, "UTC")):
            assert has_people(file, booked.uid, listed.attendees)
            (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
            assert not event.errors and not event.subcomponents
            assert str(event["ATTENDEE"]) == f"mailto:{guest.email}"
            assert event["ATTENDEE"].params["SCHEDULE-AGENT"] == "CLIENT"
            assert "RSVP" not in event["ATTENDEE"].params
            names.append(sorted(event.keys()))
    assert names[0] == names[1] == names[2] == names[3]
