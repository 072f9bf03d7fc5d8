"""What people are written about a call."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import icalendar
import pytest
from sqlalchemy import update

from app.booking import service
from app.booking.events import event_for_specialist
from app.booking.letters.kinds import FOR_SPECIALISTS, Kind
from app.booking.letters.letter import Occasion, write_letter
from app.booking.models import CallType
from app.booking.values import CallValue
from app.lib.intervals import Interval
from app.mail.draft import to_bytes
from tests.booking.core.desk import NOW, TUESDAY, Desk

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def call(desk: Desk) -> CallValue:
    return desk.book(desk.world.pavel, topic="Импорт\nBEGIN:VALARM")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in FOR_SPECIALISTS])
def test_every_letter_can_be_written_and_names_time_zone_and_page(
    desk: Desk, call: CallValue, kind: Kind
) -> None:
    occasion = Occasion(kind, old=Interval(TUESDAY, TUESDAY + HALF_HOUR), reason="Words")
    letter = write_letter(call, occasion, desk.settings)
    # 10:00 in Bratislava is 14:00 in Yekaterinburg.
    for text in (letter.text, letter.html):
        assert "14:00–14:30" in text and "10:00–10:30 CET" in text and "UTC+5" in text
        assert desk.settings.public_url in text and call.reference in text
    assert letter.recipient.address == "pavel@sever.example" and letter.sender.name == call.specialist.name
    assert to_bytes(letter, "<a@attache.example>", "", NOW).isascii()


@pytest.mark.parametrize(
    "kind", [Kind.CLASH, Kind.EXPIRED, Kind.MISPLACED, Kind.MADE_RECURRING, Kind.UNREADABLE]
)
def test_the_specialist_reads_their_own_zone_and_the_customers_name(
    desk: Desk, call: CallValue, kind: Kind
) -> None:
    letter = write_letter(call, Occasion(kind, at_home=True), desk.settings)
    assert letter.recipient.address == "sam@attache.example"
    assert "10:00–10:30" in letter.text and call.contact_name in letter.text and "14:00" not in letter.text


def test_only_what_changes_the_calendar_carries_a_calendar_part(desk: Desk, call: CallValue) -> None:
    methods = {}
    for kind in Kind:
        at_home = kind in FOR_SPECIALISTS
        calendar = write_letter(call, Occasion(kind, at_home=at_home), desk.settings).calendar
        methods[kind] = calendar.method if calendar else None
    with_part = {kind: method for kind, method in methods.items() if method}
    assert with_part == {
        Kind.INVITATION: "REQUEST",
        Kind.UPDATED: "REQUEST",
        Kind.FOLLOWED: "REQUEST",
        Kind.SENIOR_JOINED: "REQUEST",
        Kind.SENIOR_GONE: "REQUEST",
        Kind.TAKEN_OVER: "REQUEST",
        Kind.CANCELLED: "CANCEL",
        Kind.CALLED_OFF: "CANCEL",
        Kind.PROPOSAL_DECLINED: "DECLINECOUNTER",
    }


def test_a_customers_text_stays_text(desk: Desk, call: CallValue) -> None:
    letter = write_letter(call, Occasion(Kind.INVITATION, reason="<b>"), desk.settings)
    message = message_from_bytes(to_bytes(letter, "<a@x>", "", NOW), policy=policy.default)
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert "Импорт\nBEGIN:VALARM" in str(event["DESCRIPTION"]) and not event.subcomponents
    assert event["ORGANIZER"] == f"mailto:{desk.settings.organizer_address}"


def test_markup_in_a_topic_is_escaped_in_html(desk: Desk) -> None:
    call = desk.book(desk.world.vera, TUESDAY + 2 * HALF_HOUR, topic="<script>alert(1)</script>")
    letter = write_letter(call, Occasion(Kind.INVITATION), desk.settings)
    assert "<script>" not in letter.html and "&lt;script&gt;" in letter.html


def test_times_to_choose_instead_are_offered(desk: Desk, call: CallValue) -> None:
    free = (Interval(TUESDAY + HALF_HOUR, TUESDAY + 2 * HALF_HOUR),)
    assert "14:30" in write_letter(call, Occasion(Kind.DECLINED, free=free), desk.settings).text


def test_a_call_by_phone_says_who_rings_whom(desk: Desk) -> None:
    call = desk.book(desk.world.vera, way="phone", phone="+49 30 123456")
    letter = write_letter(
        service.call_of(desk.session, desk.world.vera.user, call.public_id),
        Occasion(Kind.INVITATION),
        desk.settings,
    )
    assert "+49 30 123456" in letter.text and letter.calendar is not None
    (event,) = icalendar.Calendar.from_ical(letter.calendar.body).walk("VEVENT")
    assert event["LOCATION"] == "+49 30 123456"


def test_answers_stand_in_every_letter_and_in_the_specialists_event(desk: Desk) -> None:
    asked = {"key": "module", "kind": "text", "labels": {"en": "Which <module>?", "ru": "Какой модуль?"}}
    desk.session.execute(update(CallType).values(questions=[asked]))
    desk.session.commit()
    call = desk.book(desk.world.vera, answers={"module": "Billing & more"})
    letter = write_letter(call, Occasion(Kind.INVITATION), desk.settings)
    assert "Which <module>?\n  Billing & more" in letter.text
    assert "Which &lt;module&gt;?" in letter.html and "Billing &amp; more" in letter.html
    event = event_for_specialist(call, call.span, desk.settings.public_url)
    assert "Which <module>? Billing & more" in event.description.splitlines()


def test_limits_that_differ_are_told_apart(desk: Desk, call: CallValue) -> None:
    apart = replace(call, cancel_until=call.move_until - timedelta(hours=3))
    for kind in (Kind.INVITATION, Kind.UPDATED):
        text = write_letter(apart, Occasion(kind), desk.settings).text
        assert "12:00, " in text and "09:00" in text
    same = write_letter(call, Occasion(Kind.INVITATION), desk.settings)
    assert "12:00" in same.text and "09:00" not in same.text


def test_a_time_that_could_not_be_had_is_named_but_never_shown_as_the_calls_own(desk: Desk) -> None:
    call = desk.book(desk.world.vera)
    wanted = Interval(call.start + timedelta(days=1), call.end + timedelta(days=1))
    letter = write_letter(call, Occasion(Kind.NOT_MOVED, asked=wanted), desk.settings)
    facts, _, rest = letter.text.partition(call.reference)
    assert "25 Nov" not in facts and "You asked for: Wed 25 Nov, 10:00." in rest


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("length", "keep its length"),
        ("past", "is over"),
        ("window", "09:00–17:00"),
        ("holiday", "public holiday"),
        ("time_off", "time off"),
        ("horizon", "further ahead"),
        ("taken", "Another call"),
        ("busy", "Something else stands"),
    ],
)
def test_the_specialist_is_told_what_speaks_against_a_time(
    desk: Desk, call: CallValue, why: str, words: str
) -> None:
    there = Interval(TUESDAY + 2 * HALF_HOUR, TUESDAY + 3 * HALF_HOUR)
    letter = write_letter(call, Occasion(Kind.MISPLACED, at_home=True, there=there, why=why), desk.settings)
    assert words in letter.text and "11:00" in letter.text


def test_the_question_lists_every_call_and_leads_to_the_schedule(desk: Desk, call: CallValue) -> None:
    other = desk.book(desk.world.vera, TUESDAY + 4 * HALF_HOUR)
    letter = write_letter(call, Occasion(Kind.VANISHED, at_home=True, calls=(call, other)), desk.settings)
    for text in (letter.text, letter.html):
        assert call.contact_name in text and other.contact_name in text
        assert f"{desk.settings.public_url}/schedule" in text
