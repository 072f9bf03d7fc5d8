"""A booking and its event, with a real calendar server."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.booking import jobs
from app.booking.models import Booking
from app.booking.values import CallValue
from app.booking.writing import jobs as writing_jobs
from app.calendars.models import CalendarAccount
from app.calendars.server.writing import put_new
from app.jobs.client import live_keys
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from tests.booking.core.office import WORK, Office, two_starts
from tests.support.mail import mail_text
from tests.support.radicale import Radicale


def test_the_calendar_has_the_event_then_it_is_confirmed_and_the_invitation_goes(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.book(office.world.vera, start, topic="Import of price lists")
    assert office.write(call) is None
    call = office.now_of(call)
    assert (call.status, call.written_sequence) == ("confirmed", 0)
    (event,) = office.events()
    assert event["UID"] == call.uid and event.start == start and event["SEQUENCE"] == 0
    assert event["SUMMARY"] == f"Product support: {call.contact_name}, {call.company_name}"
    assert "Import of price lists" in event["DESCRIPTION"]
    assert f"{office.settings.public_url}/calls/{call.public_id}" in event["DESCRIPTION"]
    assert "ATTENDEE" not in event and "ORGANIZER" not in event
    ((key, mail),) = office.mails()
    assert (
        key == f"0:invitation:{office.world.vera.id}"
        and mail["To"] == f"{call.contact_name} <{call.contact_email}>"
    )


def test_writing_again_changes_nothing(office: Office) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    office.write(call)
    before = office.radicale.get(office.radicale.paths(WORK)[0])
    assert office.write(call) is None
    assert len(office.mails()) == 1 and office.radicale.get(office.radicale.paths(WORK)[0]) == before


def test_an_event_put_by_a_worker_that_died_counts_as_written(office: Office) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    office.write(call)
    forgotten = {"status": "pending", "etag": "", "written_sequence": None, "confirmed_at": None}
    office.session.execute(update(Booking).values(**forgotten))
    office.session.execute(OutgoingMail.__table__.delete())
    office.session.commit()
    assert office.write(call) is None
    assert office.now_of(call).status == "confirmed"
    assert len(office.events()) == len(office.mails()) == 1


def test_an_appointment_that_came_first_declines_the_call_and_frees_the_slot(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.book(office.world.vera, start)
    office.appoint(call.span)
    assert office.write(call) is None
    assert office.now_of(call).status == "declined"
    assert office.reserved() == []
    assert [str(event["UID"]) for event in office.events()] == ["dentist"]
    ((key, mail),) = office.mails()
    assert key.startswith("0:clash_declined:") and "Free near it" in mail_text(mail)


def test_an_appointment_that_came_between_makes_a_clash_that_both_hear_of(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])

    def put_and_appoint(*arguments: object) -> str:
        etag = put_new(*arguments)  # type: ignore[arg-type]
        office.appoint(call.span)
        return etag

    monkeypatch.setattr(writing_jobs, "put_new", put_and_appoint)
    assert office.write(call) is None
    assert office.now_of(call).status == "clash"
    assert office.reserved() == [call.rules.taken_by(call.start)]
    assert {(key, mail["To"].addresses[0].addr_spec) for key, mail in office.mails()} == {
        (f"0:clash:{office.world.vera.id}", office.world.vera.email),
        (f"0:clash:{office.world.sam.id}", office.world.sam.email),
    }


def test_a_clash_that_the_specialist_settles_is_confirmed_and_the_invitation_goes(office: Office) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    office.write(call)
    beginnings = {"status": "clash", "confirmed_at": None}
    office.session.execute(update(Booking).values(**beginnings))
    office.session.execute(OutgoingMail.__table__.delete())
    office.session.commit()
    office.appoint(call.span)
    assert office.write(call) is None
    assert (office.now_of(call).status, office.mails()) == ("clash", [])
    office.radicale.delete(f"{WORK}dentist.ics")
    jobs.clash_pass(office.session, office.settings, office.now)
    assert f"booking:{call.id}:0:look:{office.now:%Y%m%dT%H%M}" in live_keys(office.session)
    assert office.write(call) is None
    assert office.now_of(call).status == "confirmed"
    assert [key.split(":")[1] for key, _ in office.mails()] == ["invitation"]


def test_a_move_changes_the_event_and_the_invitation(office: Office) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    office.write(call)
    office.move(office.world.vera.user, call, later)
    assert office.write(call) is None
    call = office.now_of(call)
    assert (call.status, call.start, call.move, call.written_sequence) == ("confirmed", later, None, 1)
    (event,) = office.events()
    assert event.start == later and event["SEQUENCE"] == 1
    assert office.reserved() == [call.rules.taken_by(later)]
    (_, first), (key, second) = office.mails()
    assert key.startswith("1:updated:") and second["In-Reply-To"] == first["Message-ID"]


def test_a_move_to_a_time_that_was_taken_meanwhile_is_given_up(office: Office) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    office.write(call)
    office.move(office.world.vera.user, call, later)
    office.appoint(Interval(later, later + timedelta(minutes=15)))
    assert office.write(call) is None
    call = office.now_of(call)
    assert (call.status, call.start, call.move) == ("confirmed", start, None)
    assert [event.start for event in office.events() if event["UID"] == call.uid] == [start]
    assert office.reserved() == [call.rules.taken_by(start)]
    assert [key.split(":")[1] for key, _ in office.mails()] == ["invitation", "not_moved"]


def test_a_pending_call_that_is_moved_is_written_once_at_its_new_time(office: Office) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    office.move(office.world.vera.user, call, later)
    assert office.write(call) is None
    assert office.now_of(call).start == later
    assert [event.start for event in office.events()] == [later]
    assert [key.split(":")[1] for key, _ in office.mails()] == ["invitation"]


def test_a_cancelled_call_leaves_the_calendar(office: Office) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    office.write(call)
    office.cancel(office.world.vera.user, call)
    assert office.write(call) is None
    assert office.events() == [] and office.now_of(call).written_sequence is None
    assert office.write(call) is None
    assert [key.split(":")[1] for key, _ in office.mails()] == ["invitation", "cancelled"]


def test_a_call_cancelled_before_it_was_written_never_enters_the_calendar(office: Office) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    office.cancel(office.world.vera.user, call)
    assert office.write(call) is None
    assert office.events() == [] and office.mails() == []


def test_a_cancel_while_the_event_is_being_put_wins(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])

    def put_and_cancel(*arguments: object) -> str:
        etag = put_new(*arguments)  # type: ignore[arg-type]
        office.cancel(office.world.vera.user, call)
        return etag

    monkeypatch.setattr(writing_jobs, "put_new", put_and_cancel)
    assert office.write(call) is None
    assert office.now_of(call).status == "cancelled"
    assert office.events() == [] and office.mails() == []


def changed(office: Office, call: CallValue, change: Callable[[str], str]) -> None:
    """Sam edits the event in her own client."""
    path = f"{WORK}{call.uid}.ics"
    office.radicale.put(path, change(office.radicale.get(path)))


def test_a_title_of_the_specialists_own_survives_a_move(office: Office) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    office.write(call)
    changed(office, call, lambda text: text.replace("SUMMARY:Product support", "SUMMARY:Call me first"))
    office.move(office.world.vera.user, call, later)
    assert office.write(call) is None
    (event,) = office.events()
    assert event.start == later and event["SUMMARY"].startswith("Call me first")


def test_when_both_move_at_once_the_specialist_who_was_first_counts_and_one_mail_says_so(
    office: Office,
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    theirs = start + timedelta(hours=1)
    office.drag(call, theirs)
    office.move(office.world.vera.user, call, later)
    assert office.write(call) is None
    call = office.now_of(call)
    assert (call.status, call.start, call.move) == ("confirmed", theirs, None)
    assert call.sequence == call.written_sequence == 2
    (event,) = office.events()
    assert event.start == theirs and event["SEQUENCE"] == 2
    assert office.reserved() == [call.rules.taken_by(theirs)]
    ((key, mail),) = office.mails()
    assert key.split(":")[1] == "followed" and "You asked for" in mail_text(mail)


def test_when_both_move_at_once_and_theirs_cannot_be_both_are_told(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, start + timedelta(hours=1), timedelta(hours=2))
    office.move(office.world.vera.user, call, later)
    assert office.write(call) is None
    call = office.now_of(call)
    assert (call.status, call.start, call.move) == ("clash", start, None)
    assert office.reserved() == [call.rules.taken_by(start)]
    assert sorted(office.kinds()) == ["misplaced sam", "not_moved vera"]


def test_a_dead_server_is_waited_for_and_the_reason_kept(office: Office, radicale: Radicale) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    office.session.execute(update(CalendarAccount).values(url="http://127.0.0.1:1/sam/"))
    office.session.commit()
    pause = office.write(call)
    assert pause is not None and pause <= timedelta(seconds=60)
    row = office.session.get_one(Booking, call.id)
    assert row.status == "pending" and row.calendar_trouble and office.mails() == []


def test_a_call_that_was_never_confirmed_expires_and_both_are_told(office: Office) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    begun = office.now - timedelta(minutes=10)
    office.session.execute(update(Booking).values(starts_at=begun, ends_at=begun + timedelta(minutes=30)))
    office.session.commit()
    assert office.write(call) is None
    assert office.now_of(call).status == "expired" and office.reserved() == []
    assert {mail["To"].addresses[0].addr_spec for _, mail in office.mails()} == {
        office.world.vera.email,
        office.world.sam.email,
    }


def test_a_deleted_event_is_written_afresh_when_the_customer_moves_the_call(office: Office) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    office.write(call)
    office.radicale.delete(f"{WORK}{call.uid}.ics")
    office.move(office.world.vera.user, call, later)
    assert office.write(call) is None
    assert [event.start for event in office.events()] == [later]
