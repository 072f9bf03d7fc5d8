"""Invitations as mails, their calendar part read by an independent parser."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar

from app.ical.event import CalendarEvent
from app.invites.compose import cancellation, invitation
from app.mail.draft import Draft, Party

START = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
EVENT = CalendarEvent(
    uid="attache-1",
    starts_at=START,
    ends_at=START + timedelta(minutes=30),
    summary="Product support: Sam",
    sequence=2,
    stamped_at=START - timedelta(days=1),
    created_at=START - timedelta(days=2),
)
LETTER = Draft(
    Party("calls@attache.example", "Sam"),
    Party("Vera@nordwind.example", "Vera, L."),
    "Hello",
    "Hello",
    "",
    "en",
)
ORGANIZER = Party("booking@attache.example", "Sam")


def event_of(draft: Draft) -> tuple[str, icalendar.Event]:
    assert draft.calendar is not None
    calendar = icalendar.Calendar.from_ical(draft.calendar.body)
    assert str(calendar["METHOD"]) == draft.calendar.method
    (event,) = calendar.walk("VEVENT")
    return draft.calendar.method, event


def test_an_invitation_asks_its_recipient_for_the_organizer() -> None:
    method, event = event_of(invitation(LETTER, EVENT, ORGANIZER))
    assert method == "REQUEST"
    assert event["ATTENDEE"] == "mailto:Vera@nordwind.example"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE" and event["ATTENDEE"].params["CN"] == "Vera, L."
    assert event["ORGANIZER"] == "mailto:booking@attache.example" and event["ORGANIZER"].params["CN"] == "Sam"
    assert (event["UID"], event["SEQUENCE"], event.start) == ("attache-1", 2, START)


def test_a_cancellation_takes_the_same_event_back() -> None:
    method, event = event_of(cancellation(LETTER, replace(EVENT, sequence=3), ORGANIZER))
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert event["UID"] == "attache-1" and event["ATTENDEE"] == "mailto:Vera@nordwind.example"


def test_the_letter_itself_stays_as_it_was() -> None:
    assert replace(invitation(LETTER, EVENT, ORGANIZER), calendar=None) == LETTER
