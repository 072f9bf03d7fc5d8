"""A worker killed at any point leaves a booking that the next one brings to the same end."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.booking import jobs
from app.booking.values import CallValue
from app.calendars.jobs import sync_person
from app.config import Settings
from app.jobs.client import live_keys
from app.mail.jobs import mail_pass
from app.mail.models import OutgoingMail
from tests.booking.core.office import Office, two_starts
from tests.support.databases import make_engine

POINTS = ["write_started", "looked", "put_done", "looked_again", "confirming", "confirmed"]


def killed(database_url: str, point: str, work: Callable[[Session], object]) -> None:
    """Do the work in a process of its own that is killed at the point."""
    child = os.fork()
    if not child:
        os.environ["CRASH_AT"] = point
        try:
            with Session(make_engine(database_url)) as session:
                work(session)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{point} was not reached"


def write_killed(office: Office, database_url: str, call: CallValue, point: str) -> None:
    office.session.rollback()
    killed(database_url, point, lambda s: jobs.write_booking(s, office.settings, call.id, 0))


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_writing_ends_in_one_event_and_one_invitation(
    office: Office, database_url: str, point: str
) -> None:
    start, _ = two_starts(office)
    call = office.book(office.world.vera, start)
    write_killed(office, database_url, call, point)
    assert office.write(call) is None
    assert office.now_of(call).status == "confirmed"
    assert [event.start for event in office.events()] == [start]
    assert [key.split(":")[1] for key, _ in office.mails()] == ["invitation"]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_move_ends_in_one_event_at_the_new_time(
    office: Office, database_url: str, point: str
) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    office.write(call)
    office.move(office.world.vera.user, call, later)
    write_killed(office, database_url, call, point)
    assert office.write(call) is None
    assert (office.now_of(call).start, office.now_of(call).status) == (later, "confirmed")
    assert [event.start for event in office.events()] == [later]
    assert [key.split(":")[1] for key, _ in office.mails()] == ["invitation", "updated"]


@pytest.mark.parametrize("point", ["write_started", "removed", "removing"])
def test_a_killed_cancel_ends_without_an_event(office: Office, database_url: str, point: str) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    office.write(call)
    office.cancel(office.world.vera.user, call)
    write_killed(office, database_url, call, point)
    assert office.write(call) is None
    assert office.events() == []
    assert [key.split(":")[1] for key, _ in office.mails()] == ["invitation", "cancelled"]


@pytest.mark.parametrize("point", ["booking_reserved"])
def test_a_web_process_killed_before_the_commit_leaves_no_trace(
    office: Office, database_url: str, point: str
) -> None:
    start, _ = two_starts(office)
    office.session.rollback()

    def book(session: Session) -> None:
        Office(session, office.settings, office.world, office.now, radicale=office.radicale).book(
            office.world.vera, start, key="one"
        )

    killed(database_url, point, book)
    assert office.reserved() == []
    assert office.book(office.world.vera, start, key="one").status == "pending"


@pytest.mark.parametrize("point", ["mail_claimed", "mail_accepted", "mail_recorded"])
def test_a_killed_sender_leaves_a_mail_that_is_sent_with_the_same_bytes(
    office: Office, settings: Settings, database_url: str, point: str
) -> None:
    office.write(office.book(office.world.vera, two_starts(office)[0]))
    office.session.rollback()
    soon = office.now + timedelta(minutes=1)
    killed(database_url, point, lambda s: mail_pass(s, settings, soon))
    # The claim of the dead sender runs out.
    office.session.execute(update(OutgoingMail).values(next_attempt_at=office.now))
    office.session.commit()
    mail_pass(office.session, settings, soon)
    mail = office.session.scalars(select(OutgoingMail)).one()
    assert mail.state == "sent"
    assert [path.read_bytes() for path in settings.mail_dir.glob("*.eml")] == [mail.content]


def follow_killed(office: Office, database_url: str, point: str) -> None:
    office.session.rollback()
    killed(database_url, point, lambda s: jobs.follow_pass(s, office.settings, office.now))


@pytest.mark.parametrize("point", ["noticed", "following", "followed"])
def test_a_killed_following_ends_in_one_event_and_one_mail(
    office: Office, database_url: str, point: str
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, later)
    sync_person(office.session, office.settings, office.now, office.world.sam.id)
    follow_killed(office, database_url, point)
    assert office.now_of(call).start == (later if point == "followed" else start)
    office.look()
    assert f"booking:{call.id}:1:follow" in live_keys(office.session)
    write_killed(office, database_url, call, "put_done")
    office.work(call)
    office.look()
    found = office.now_of(call)
    assert (found.start, found.sequence, found.written_sequence) == (later, 1, 1)
    assert [event.start for event in office.events()] == [later]
    assert office.kinds() == ["followed vera"] and office.reserved() == [call.rules.taken_by(later)]


@pytest.mark.parametrize("point", ["noticed", "calling_off", "followed"])
def test_a_killed_calling_off_ends_without_an_event_and_with_one_mail(
    office: Office, database_url: str, point: str
) -> None:
    call = office.booked(two_starts(office)[0])
    office.take_out(call)
    office.look()
    office.now += timedelta(seconds=60)
    sync_person(office.session, office.settings, office.now, office.world.sam.id)
    follow_killed(office, database_url, point)
    office.look()
    office.work(call)
    office.look()
    assert office.now_of(call).status == "cancelled" and office.reserved() == []
    assert office.kinds() == ["called_off vera"] and office.events() == []


def test_a_killed_meeting_of_two_moves_ends_in_the_specialists(office: Office, database_url: str) -> None:
    start, later = two_starts(office)
    call, theirs = office.booked(start), start + timedelta(hours=1)
    office.drag(call, theirs)
    office.move(office.world.vera.user, call, later)
    write_killed(office, database_url, call, "met")
    office.work(call)
    assert office.now_of(call).start == theirs and office.kinds() == ["followed vera"]
    assert [event.start for event in office.events()] == [theirs]
