"""Colleagues on a call: who is told what, and nobody of anybody else."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.booking import service
from app.booking.errors import CannotChange, GuestRefused
from app.booking.guests.values import ADDED, MOST_ADDITIONS, MOST_ADDITIONS_A_DAY, MOST_GUESTS
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event
from app.booking.models import Booking
from app.booking.values import CallValue
from app.lib.db import write
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from tests.booking.core.desk import TUESDAY, Desk
from tests.support.mail import mail_text

pytestmark = pytest.mark.postgres

OLGA, EGOR = "olga@sever.example", "egor@partner.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def call(desk: Desk) -> CallValue:
    """Pavel's call, reserved: he reads Russian in Yekaterinburg."""
    return desk.book(desk.world.pavel)


def happen(desk: Desk, call: CallValue, event: Event, told: Kind, to: Interval | None = None) -> CallValue:
    """Let the calendar's side of the call's life happen, a minute later."""
    desk.now += timedelta(minutes=1)

    def work(session: Session) -> CallValue:
        row = session.get_one(Booking, call.id)
        return take(session, desk.now, desk.settings, row, Step(event, to=to, told=Occasion(told)))

    return write(desk.session, [call.specialist.user_id], work)


def confirm(desk: Desk, call: CallValue) -> CallValue:
    return happen(desk, call, Event.CONFIRM, Kind.INVITATION, call.span)


def add(desk: Desk, call: CallValue, email: str, name: str = "", user: SignedIn | None = None) -> None:
    desk.now += timedelta(minutes=1)
    asked = (desk.now, desk.settings, user or desk.world.pavel.user, call.public_id, email, name)
    write(desk.session, [desk.world.sam.id], lambda session: service.add_guest(session, *asked))


def remove(desk: Desk, call: CallValue, email: str) -> None:
    desk.now += timedelta(minutes=1)
    asked = (desk.now, desk.settings, desk.world.pavel.user, call.public_id, email)
    write(desk.session, [desk.world.sam.id], lambda session: service.remove_guest(session, *asked))


def mails(desk: Desk, recipient: str) -> list[tuple[EmailMessage, icalendar.Event]]:
    rows = desk.session.scalars(
        select(OutgoingMail).where(OutgoingMail.recipient == recipient).order_by(OutgoingMail.id)
    )
    return [opened(row.content) for row in rows]


def opened(content: bytes) -> tuple[EmailMessage, icalendar.Event]:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    calendar = icalendar.Calendar.from_ical(body)
    assert part.get_param("method") == calendar["METHOD"]
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return message, event


def told(desk: Desk, recipient: str) -> list[tuple[str, int]]:
    """METHOD and SEQUENCE of what somebody was mailed, in order."""
    return [(_method(message), int(event["SEQUENCE"])) for message, event in mails(desk, recipient)]


def _method(message: EmailMessage) -> str:
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return str(part.get_param("method"))


def people(desk: Desk, call: CallValue) -> list[str]:
    return [one.email for one in service.attendees(desk.session, call.id)]


def test_who_is_added_to_a_reserved_call_is_invited_when_it_is_confirmed(desk: Desk, call: CallValue) -> None:
    add(desk, call, "Olga@Sever.Example", "Olga Smirnova")
    assert people(desk, call) == ["pavel@sever.example", OLGA] and told(desk, OLGA) == []
    confirm(desk, call)
    assert told(desk, OLGA) == told(desk, "pavel@sever.example") == [("REQUEST", 0)]


def test_who_is_added_to_a_confirmed_call_alone_is_mailed(desk: Desk, call: CallValue) -> None:
    add(desk, call, OLGA)
    confirm(desk, call)
    add(desk, call, EGOR)
    assert told(desk, EGOR) == told(desk, OLGA) == told(desk, "pavel@sever.example") == [("REQUEST", 0)]
    (first,), (second,) = ([event for _, event in mails(desk, who)] for who in (OLGA, EGOR))
    assert first["UID"] == second["UID"] and first["ORGANIZER"] == second["ORGANIZER"]
    assert second["DTSTAMP"].dt > first["DTSTAMP"].dt


def test_each_message_has_one_recipient_and_nobody_elses_address(desk: Desk, call: CallValue) -> None:
    add(desk, call, OLGA, "Olga Smirnova")
    add(desk, call, EGOR)
    confirm(desk, call)
    everybody = {OLGA, EGOR, "pavel@sever.example"}
    for own in everybody:
        ((message, event),) = mails(desk, own)
        assert [address.addr_spec for address in message["To"].addresses] == [own]
        assert message["Cc"] is message["Bcc"] is message["Reply-To"] is None
        assert str(event["ATTENDEE"]) == f"mailto:{own}"
        parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
        text = b"\n".join(part for part in parts if isinstance(part, bytes)).replace(b"\r\n ", b"")
        for other in everybody - {own}:
            assert other.encode() not in text


def test_a_colleague_reads_the_contacts_language_and_zone_and_gets_no_link_to_the_page(
    desk: Desk, call: CallValue
) -> None:
    add(desk, call, OLGA, "Olga Smirnova")
    confirm(desk, call)
    ((message, event),) = mails(desk, OLGA)
    text = mail_text(message)
    # 10:00 in Bratislava is 14:00 in Yekaterinburg.
    assert message["Content-Language"] == "ru" and "14:00–14:30" in text and "UTC+5" in text
    assert call.reference in text and call.room_url in text and call.contact_name in text
    assert call.public_id not in message.as_string() and call.public_id not in str(event["DESCRIPTION"])
    assert "URL" not in event and event["ORGANIZER"] == f"mailto:{desk.settings.organizer_address}"


def test_a_move_and_the_end_reach_everybody_once_in_their_own_thread(desk: Desk, call: CallValue) -> None:
    add(desk, call, OLGA)
    call = confirm(desk, call)
    call = desk.move(desk.world.pavel.user, call, TUESDAY + HOUR)
    happen(desk, call, Event.ARRIVE, Kind.UPDATED, Interval(TUESDAY + HOUR, TUESDAY + HOUR + call.length))
    desk.cancel(desk.world.pavel.user, call, "Only for Sam")
    for who in (OLGA, "pavel@sever.example"):
        assert told(desk, who) == [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)]
    first, *later = [message for message, _ in mails(desk, OLGA)]
    assert {message["References"] for message in later} == {first["Message-ID"]}
    assert "Only for Sam" not in later[-1].as_string()
    last = mails(desk, OLGA)[-1][1]
    assert last["STATUS"] == "CANCELLED" and last.start == TUESDAY + HOUR


def test_who_was_taken_off_alone_is_told_and_the_call_goes_on(desk: Desk, call: CallValue) -> None:
    add(desk, call, OLGA)
    add(desk, call, EGOR)
    call = confirm(desk, call)
    remove(desk, call, OLGA)
    assert told(desk, OLGA) == [("REQUEST", 0), ("CANCEL", 1)] and told(desk, EGOR) == [("REQUEST", 0)]
    off = mails(desk, OLGA)[-1][1]
    # RFC 5546, 3.2.5: without STATUS, because the event itself takes place.
    assert "STATUS" not in off and off["ATTENDEE"] == f"mailto:{OLGA}"
    assert service.call_of(desk.session, desk.world.pavel.user, call.public_id).sequence == 0
    desk.cancel(desk.world.pavel.user, call)
    assert len(told(desk, OLGA)) == 2 and told(desk, EGOR)[-1] == ("CANCEL", 1)


def test_who_comes_back_is_invited_above_what_took_them_off(desk: Desk, call: CallValue) -> None:
    add(desk, call, OLGA)
    call = confirm(desk, call)
    remove(desk, call, OLGA)
    add(desk, call, OLGA)
    call = desk.move(desk.world.pavel.user, call, TUESDAY + HOUR)
    happen(desk, call, Event.ARRIVE, Kind.UPDATED, Interval(TUESDAY + HOUR, TUESDAY + HOUR + call.length))
    assert told(desk, OLGA) == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("REQUEST", 3)]
    assert people(desk, call) == ["pavel@sever.example", OLGA]


def test_of_a_call_that_never_was_confirmed_colleagues_hear_nothing(desk: Desk, call: CallValue) -> None:
    add(desk, call, OLGA)
    add(desk, call, EGOR)
    remove(desk, call, EGOR)
    happen(desk, call, Event.DECLINE, Kind.DECLINED)
    assert told(desk, OLGA) == told(desk, EGOR) == []


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("PAVEL@sever.example", "contact"),
        ("sam@attache.example", "specialist"),
        ("Olga@sever.example", "twice"),
        ("olga", "address"),
        ("olga@sever.example\r\nBcc: egor@partner.example", "address"),
        ("olga?bcc=egor@partner.example", "address"),
        ("ольга@sever.example", "address"),
    ],
)
def test_who_cannot_be_added(desk: Desk, call: CallValue, email: str, reason: str) -> None:
    add(desk, call, OLGA)
    with pytest.raises(GuestRefused) as refused:
        add(desk, call, email)
    desk.session.rollback()
    assert refused.value.reason == reason and people(desk, call) == ["pavel@sever.example", OLGA]


def test_a_call_takes_so_many_at_a_time_and_in_its_life(desk: Desk, call: CallValue) -> None:
    for number in range(MOST_GUESTS):
        add(desk, call, f"guest{number}@sever.example")
    with pytest.raises(GuestRefused, match="full"):
        add(desk, call, OLGA)
    desk.session.rollback()
    for _ in range(MOST_ADDITIONS - MOST_GUESTS):
        remove(desk, call, "guest0@sever.example")
        add(desk, call, "guest0@sever.example")
    remove(desk, call, "guest0@sever.example")
    with pytest.raises(GuestRefused, match="spent"):
        add(desk, call, OLGA)


def test_one_contact_can_have_so_many_people_invited_a_day(desk: Desk, call: CallValue) -> None:
    other = desk.book(desk.world.pavel, TUESDAY + HOUR)
    for number in range(MOST_ADDITIONS_A_DAY - 1):
        record(desk.session, desk.now, None, ADDED, "booking", other.public_id, guest=number)
    desk.session.commit()
    add(desk, call, OLGA)
    with pytest.raises(GuestRefused, match="daily"):
        add(desk, call, EGOR)
    desk.session.rollback()
    add(desk, desk.book(desk.world.vera, TUESDAY + 2 * HOUR), EGOR, user=desk.world.vera.user)
    desk.now += timedelta(days=1)
    add(desk, call, EGOR)


def test_nobody_else_adds_people_and_nobody_to_what_is_over(desk: Desk, call: CallValue) -> None:
    for stranger in (desk.world.vera.user, desk.world.rita.user):
        with pytest.raises(NotFound):
            add(desk, call, OLGA, user=stranger)
        desk.session.rollback()
    for number, member in enumerate((desk.world.sam, desk.world.ada)):
        add(desk, call, f"guest{number}@sever.example", user=member.user)
    with pytest.raises(NotFound):
        remove(desk, call, "pavel@sever.example")
    desk.session.rollback()
    desk.cancel(desk.world.pavel.user, call)
    with pytest.raises(CannotChange):
        add(desk, call, OLGA)
