"""Attendees in the specialist's own entries: on a real server that mails nobody, and only there."""

import icalendar
import pytest

from app.booking import service
from app.booking.models import Attendee
from app.booking.values import CallValue
from app.calendars.inviting.jobs import probe
from app.calendars.models import CalendarAccount
from app.calendars.service import list_guests
from app.lib.db import write
from app.mail.models import OutgoingMail
from tests.booking.core.office import Office, text_of, two_starts

OLGA = "olga@nordwind.example"


def switch(office: Office, *, wanted: bool = True) -> CalendarAccount:
    """Sam switches it, and the worker asks her server."""
    account, sam = office.session.query(CalendarAccount).one(), office.world.sam.id
    write(office.session, [sam], lambda s: list_guests(s, office.now, sam, account.id, wanted=wanted))
    assert probe(office.session, office.settings, account.id, 0) is None
    return office.session.query(CalendarAccount).populate_existing().one()


def change(office: Office, call: CallValue, verb: str) -> None:
    vera, settings = office.world.vera.user, office.settings
    act = {"add": service.add_guest, "remove": service.remove_guest}[verb]
    write(
        office.session,
        [office.world.sam.id],
        lambda s: act(s, office.now, settings, vera, call.public_id, OLGA),
    )
    office.work(call)


def attendees(office: Office, call: CallValue) -> dict[str, str]:
    (event,) = icalendar.Calendar.from_ical(text_of(office, call)).walk("VEVENT")
    found = event.get("ATTENDEE", [])
    listed = found if isinstance(found, list) else [found]
    assert all(one.params["SCHEDULE-AGENT"] == "CLIENT" for one in listed)
    assert not listed or event["ORGANIZER"].params["SCHEDULE-AGENT"] == "CLIENT"
    return {str(one).removeprefix("mailto:"): one.params["PARTSTAT"] for one in listed}


def test_by_default_nobody_is_listed(office: Office) -> None:
    call = office.booked(two_starts(office)[0])
    change(office, call, "add")
    assert attendees(office, call) == {} and "ORGANIZER" not in text_of(office, call)


def test_a_quiet_server_lists_them_as_they_come_and_go(office: Office) -> None:
    assert switch(office).is_quiet is True
    call = office.booked(two_starts(office)[0])
    assert attendees(office, call) == {"vera@nordwind.example": "NEEDS-ACTION"}
    change(office, call, "add")
    assert set(attendees(office, call)) == {"vera@nordwind.example", OLGA}
    change(office, call, "remove")
    assert set(attendees(office, call)) == {"vera@nordwind.example"}
    assert (office.now_of(call).status, office.now_of(call).sequence) == ("confirmed", 0)
    assert len(office.events()) == 1
    mails = office.session.query(OutgoingMail).all()
    assert {mail.recipient for mail in mails} == {OLGA} and len(mails) == 2
    for _, mail in office.mails():
        parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
        assert not any(b"SCHEDULE-" in part for part in parts if isinstance(part, bytes))


def test_what_the_owner_made_of_the_entry_stays_and_answers_are_written(office: Office) -> None:
    switch(office)
    call = office.booked(two_starts(office)[0])
    own = "ATTENDEE;CN=Rita:mailto:rita@attache.example\r\nSUMMARY:My own title"
    office.edit(call, lambda text: text.replace("SUMMARY:Product support: Vera Lindqvist\\, Nordwind", own))
    office.look()
    office.session.query(Attendee).update({"partstat": "ACCEPTED"})
    office.session.commit()
    change(office, call, "add")
    text = text_of(office, call)
    assert "My own title" in text and "rita@attache.example" in text
    assert "PARTSTAT=ACCEPTED" in text and OLGA in text.replace("\r\n ", "")
    assert office.now_of(call).status == "confirmed"


def test_after_a_move_they_are_still_listed_and_the_call_is_not_followed_by_itself(office: Office) -> None:
    switch(office)
    start, later = two_starts(office)
    call = office.booked(start)
    change(office, call, "add")
    office.move(office.world.vera.user, call, later)
    office.work(call)
    for _ in range(3):
        office.look()
    assert set(attendees(office, call)) == {"vera@nordwind.example", OLGA}
    moved = office.now_of(call)
    assert (moved.start, moved.sequence, moved.status) == (later, 1, "confirmed")


@pytest.mark.parametrize("wanted", [True, False])
def test_where_it_is_off_or_the_server_is_not_known_to_be_quiet_nobody_is_listed(
    office: Office, wanted: bool
) -> None:
    switch(office, wanted=wanted)
    office.session.query(CalendarAccount).update({"is_quiet": False if wanted else None})
    office.session.commit()
    call = office.booked(two_starts(office)[0])
    assert attendees(office, call) == {}
