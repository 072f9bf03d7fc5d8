"""Invitations and cancelling by RFC 5546, as clients of the world want them."""

from collections.abc import Callable

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from app.ical.event import CalendarEvent
from app.ical.itip import compose_cancel, compose_decline_counter, compose_request
from app.ical.people import Person
from tests.ical.values import SERVICE, VERA, an_event, lines_of

Compose = Callable[[CalendarEvent, Person, Person], bytes]


def test_request_has_what_rfc_5546_asks_for() -> None:
    lines = lines_of(compose_request(an_event(), SERVICE, VERA))
    assert lines.count("METHOD:REQUEST") == 1
    assert lines.count("BEGIN:VEVENT") == 1
    names = {line.replace(";", ":").split(":")[0] for line in lines}
    assert names >= {"UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "ATTENDEE", "SUMMARY", "SEQUENCE"}


def test_request_asks_the_attendee_in_the_form_that_shows_buttons() -> None:
    attendee = icalendar.Calendar.from_ical(compose_request(an_event(), SERVICE, VERA)).events[0]["ATTENDEE"]
    assert str(attendee) == "mailto:vera@nordwind.example"
    assert dict(attendee.params) == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
        "CN": "Vera Winter",
    }


def test_method_stands_before_the_event() -> None:
    lines = lines_of(compose_request(an_event(), SERVICE, VERA))
    assert lines.index("METHOD:REQUEST") < lines.index("BEGIN:VEVENT")


def test_cancel_says_so_in_both_places_with_the_times() -> None:
    lines = lines_of(compose_cancel(an_event(sequence=2), SERVICE, VERA))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2", "DTSTART:20261123T080000Z"} <= set(lines)
    assert not any("RSVP" in line for line in lines)


def test_a_declined_proposal_names_event_and_guest_with_the_sequence_it_was_about() -> None:
    text = compose_decline_counter(an_event(sequence=2), SERVICE, VERA)
    read = IcsCalendarStream.calendar_from_ics(text.decode())
    (event,) = read.events
    assert (read.method, event.uid, event.sequence) == ("DECLINECOUNTER", an_event().uid, 2)
    assert [str(guest.uri) for guest in event.attendees] == [f"mailto:{VERA.address}"]
    assert not any("RSVP" in line or "PARTSTAT" in line for line in lines_of(text))


def test_proposals_are_asked_not_to_be_made_where_nobody_reads_them() -> None:
    assert b"X-MICROSOFT-DISALLOW-COUNTER:TRUE" in compose_request(an_event(), SERVICE, VERA)
    taken = compose_request(an_event(), SERVICE, VERA, takes_proposals=True)
    assert b"DISALLOW-COUNTER" not in taken


@pytest.mark.parametrize("compose", [compose_request, compose_cancel, compose_decline_counter])
def test_mail_never_carries_what_is_for_servers_only(compose: Compose) -> None:
    text = compose(an_event(), SERVICE, VERA).decode()
    assert not any(word in text for word in ("SCHEDULE-", "VALARM", "X-ATTACHE", "X-MICROSOFT-CDO"))


def test_independent_parser_reads_the_request() -> None:
    read = IcsCalendarStream.calendar_from_ics(compose_request(an_event(), SERVICE, VERA).decode())
    assert read.method == "REQUEST"
    assert read.events[0].dtstart == an_event().starts_at
    assert str(read.events[0].organizer.uri) == "mailto:booking+7@attache.example"


@given(st.text(max_size=60))
def test_no_name_leaves_its_parameter(name: str) -> None:
    lines = lines_of(compose_request(an_event(), SERVICE, Person(VERA.address, name)))
    assert len(lines) == len(lines_of(compose_request(an_event(), SERVICE, VERA)))
    assert (
        sum(line.startswith("ATTENDEE;") and line.endswith(f":mailto:{VERA.address}") for line in lines) == 1
    )


@pytest.mark.parametrize("address", ["", "vera", "a b@nordwind.example", "a@b\r\nATTENDEE:mailto:c@d"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        compose_request(an_event(), SERVICE, Person(address, "Vera"))
