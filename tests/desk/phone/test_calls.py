"""What callers get: who is let ring, what they hear, and what becomes of what they say."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.config import Settings
from app.customers.models import Contact, Entitlement, Specialist, TimeOff
from app.desk import queries as conversations
from app.desk.callbacks import queries as callback_queries
from app.desk.callbacks import service as callbacks
from app.desk.callbacks.values import CallbackState, Outcome
from app.desk.models import Conversation
from app.desk.phone import queries, service
from app.desk.phone.errors import CallKnown, NoSuchContact
from app.desk.phone.numbers import caller_number, languages_of
from app.desk.phone.service_answering import Ring, Speak
from app.desk.phone.spoken import greeting
from app.desk.phone.values import CallState
from app.desk.values import Channel, Happening, Side
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from tests.desk.phone.line import EVENING, HOUSE, MORNING, TUESDAY_9, TUESDAY_11, UNKNOWN, Line
from tests.desk.phone.provider import PHONE, RITA, SAM, VERA
from tests.support.replica import open_calendar
from tests.world import build_world

pytestmark = pytest.mark.postgres


@pytest.fixture
def line(session: Session, settings: Settings) -> Line:
    return Line(session, settings, build_world(session, MORNING))


def test_in_hours_the_one_who_serves_is_let_ring_then_who_stands_in_then_voicemail(line: Line) -> None:
    call, sam, rita = line.take(), line.world.sam.user.public_id, line.world.rita.user.public_id
    assert (call.contact_name, call.company_name) == ("Vera Lindqvist", "Nordwind")
    assert line.step(call) == Ring(SAM, (sam,))
    assert line.step(call, sam) == Ring(RITA, (sam, rita))
    step = line.step(call, sam, rita)
    assert isinstance(step, Speak) and step.promise is not None and step.promise.back_at is None
    spoken = greeting(HOUSE, step.promise, "en").text
    assert "Sam Horvath cannot take your call at the moment." in spoken
    assert "We call you back by Monday 30 November, 12:00, Berlin time, UTC+1." in spoken


def test_whoever_is_not_free_is_not_disturbed(line: Line) -> None:
    taken = [Interval(MORNING - timedelta(hours=1), MORNING + timedelta(hours=1))]
    open_calendar(line.session, line.settings, MORNING, line.world.sam.id, busy=taken)
    open_calendar(line.session, line.settings, MORNING, line.world.rita.id)
    call, rita = line.take(), line.world.rita.user.public_id
    assert line.step(call) == Ring(RITA, (rita,))
    step = line.step(call, rita)
    assert isinstance(step, Speak) and step.promise is not None
    assert step.promise.back_at == MORNING + timedelta(hours=1)


def test_a_specialist_under_our_own_number_is_passed_over(
    line: Line, make_settings: Callable[..., Settings]
) -> None:
    line.settings, rita = make_settings(**PHONE), line.world.rita.user.public_id
    line.session.execute(
        update(Specialist).where(Specialist.user_id == line.world.sam.id).values(phone="+421 2 2000 0000")
    )
    line.session.commit()
    assert line.step(line.take()) == Ring(RITA, (rita,))


def test_one_call_that_cannot_be_looked_at_holds_up_no_other(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.now = EVENING
    first, second = line.take(name="CA1"), line.take(name="CA2")
    real = service.note_missed

    def failing(*given: Any, call_id: int, **named: Any) -> None:
        if call_id == first.id:
            raise LookupError("a call that nobody expected")
        real(*given, call_id=call_id, **named)

    monkeypatch.setattr(service, "note_missed", failing)
    line.now += timedelta(hours=5)
    line.look()
    assert [line.state(call) for call in (first, second)] == [CallState.RINGING, CallState.MISSED]


def test_while_the_specialist_is_away_their_stand_in_alone_is_let_ring(line: Line) -> None:
    day = MORNING.date()
    away = TimeOff(specialist_id=line.world.sam.id, uid="u", first_day=day, last_day=day, noticed_at=MORNING)
    line.session.add(away)
    line.session.commit()
    call, rita = line.take(), line.world.rita.user.public_id
    assert line.step(call) == Ring(RITA, (rita,))
    assert isinstance(line.step(call, rita), Speak)


def test_out_of_hours_nobody_is_let_ring_and_the_time_of_the_callback_is_said(line: Line) -> None:
    line.now = EVENING
    step = line.step(line.take())
    assert isinstance(step, Speak) and step.promise is not None
    assert (step.promise.back_at, step.promise.due_at) == (TUESDAY_9, TUESDAY_11)
    english, russian = (greeting(HOUSE, step.promise, language) for language in ("en", "ru"))
    assert (
        "Sam Horvath can be reached again from Tuesday 1 December, 09:00, Berlin time, UTC+1." in english.text
    )
    assert "We call you back by Tuesday 1 December, 11:00, Berlin time, UTC+1." in english.text
    assert "support@attache.example" in english.text
    assert (russian.language, "1 декабря, 11:00" in russian.text) == ("ru", True)


def test_a_voicemail_in_the_evening_is_a_message_and_a_callback_of_the_next_morning(line: Line) -> None:
    line.now = EVENING
    call = line.take()
    line.now += timedelta(minutes=1)
    line.record(call)
    line.record(call)  # told again
    (callback,) = line.callbacks()
    assert (callback.due_at, callback.source, callback.number) == (TUESDAY_11, "voicemail", VERA)
    assert (callback.contact_id, callback.company_id) == (line.world.vera.id, call.company_id)
    asked, left = line.said(callback.conversation_id)
    assert asked.happening == Happening.CALLBACK_ASKED
    assert (left.side, left.channel, left.author_name) == (Side.CUSTOMER, Channel.VOICEMAIL, "Vera Lindqvist")
    assert left.text == "Voicemail, 34 s, from +49 30 55501010" and left.facts["seconds"] == 34
    found = line.session.get_one(Conversation, callback.conversation_id)
    assert (found.is_standing, found.contact_id) == (True, line.world.vera.id)


@pytest.mark.parametrize("is_told", [True, False])
def test_who_hangs_up_before_speaking_is_rung_back(line: Line, is_told: bool) -> None:
    line.now = EVENING
    call = line.take()
    line.write(lambda s: service.note_asked_to_speak(s, line.now, call.id))
    if is_told:
        line.write(lambda s: service.note_ended(s, line.now, call.id))
    line.now += timedelta(seconds=20)
    line.look()
    assert line.callbacks() == []
    line.now += timedelta(seconds=20) if is_told else timedelta(minutes=6)
    line.look()
    line.look()
    (callback,) = line.callbacks()
    assert (line.state(call), callback.source, callback.due_at) == (CallState.MISSED, "missed", TUESDAY_11)
    line.record(call)  # what comes late is not lost, and asks for no second callback
    assert line.state(call) is CallState.RECORDED and len(line.callbacks()) == 1
    assert [one.channel for one in line.said(callback.conversation_id)] == [Channel.PAGE, Channel.VOICEMAIL]


def test_an_answered_call_is_no_missed_one_whatever_is_told_first(line: Line) -> None:
    call, sam = line.take(), line.world.sam.user.public_id
    line.write(lambda s: service.note_ended(s, line.now, call.id))
    line.write(lambda s: service.note_answered(s, call.id, sam))
    line.now += timedelta(hours=5)
    line.look()
    assert line.callbacks() == [] and queries.call(line.session, call.id).answered_by == "Sam Horvath"


def test_a_number_of_several_contacts_is_their_companys(line: Line) -> None:
    other = User(
        public_id="other", email="o@nordwind.example", name="O", role="contact", language="en",
        time_zone="Europe/Berlin", created_at=MORNING,
    )  # fmt: skip
    line.session.add(other)
    line.session.flush()
    company = line.world.vera.profile.company_id
    line.session.add(Contact(user_id=other.id, company_id=company, phone="030 / 5550-1010"))
    line.session.commit()
    line.now = EVENING
    call = line.take()
    assert (call.company_id, call.contact_id) == (company, None)
    line.record(call)
    (callback,) = line.callbacks()
    assert (callback.company_id, callback.contact_id) == (company, None)
    assert line.said(callback.conversation_id)[-1].author_name == "Nordwind"
    number = line.session.get_one(Conversation, callback.conversation_id).public_id
    with pytest.raises(NotFound):
        conversations.find(line.session, line.now, line.settings, line.world.vera.user, number)


def test_who_stands_at_two_companies_or_has_no_option_is_nobody(line: Line) -> None:
    mallory = line.session.get_one(Contact, line.world.mallory.id)
    mallory.phone = "+49 30 55501010"
    line.session.commit()
    assert line.take().company_id is None
    mallory.phone = ""
    line.session.commit()
    assert line.take(name="CA2").contact_id == line.world.vera.id
    for row in line.session.scalars(select(Entitlement)):
        row.ends_on = MORNING.date() - timedelta(days=1)
    line.session.commit()
    assert line.take(name="CA3").company_id is None


def test_unknown_callers_are_promised_nothing_and_heard(line: Line) -> None:
    call = line.take(UNKNOWN)
    assert line.step(call) == Speak(None)
    spoken = greeting(HOUSE, None, "en").text
    assert "Please say your name" in spoken and "call you back" not in spoken
    line.record(call)
    (callback,) = line.callbacks()
    assert (callback.company_id, callback.number) == (None, UNKNOWN)
    assert line.session.scalars(select(Conversation)).all() == []
    silent = line.take("", "CA2")
    line.now += timedelta(hours=5)
    line.look()
    assert line.state(silent) is CallState.MISSED and len(line.callbacks()) == 1


def test_an_unknown_call_is_given_to_a_contact_whom_one_looks_after(line: Line) -> None:
    call, world = line.take(UNKNOWN), line.world
    line.record(call, url="")
    with pytest.raises(NoSuchContact):
        line.assign(call, world.rita, "vera@nordwind.example")
    with pytest.raises(NoSuchContact):
        line.assign(call, world.sam, "nobody@nordwind.example")
    given = line.assign(call, world.sam, " Vera@nordwind.example")
    assert (given.contact_name, given.company_name) == ("Vera Lindqvist", "Nordwind")
    (callback,) = line.callbacks()
    assert (callback.contact_id, callback.conversation_id) == (world.vera.id, line.row(call).conversation_id)
    assert [one.channel for one in line.said(callback.conversation_id)] == [Channel.VOICEMAIL]
    with pytest.raises(CallKnown):
        line.assign(call, world.ada, "pavel@sever.example")
    with pytest.raises(NotFound):
        line.assign(call, world.rita, "mallory@lynx.example")


@pytest.mark.parametrize("text", ["anonymous", "", "+266696687", "sip:bob@example.com", "+", "112", "1" * 40])
def test_hidden_numbers_and_nonsense_are_no_numbers(text: str) -> None:
    assert caller_number(text, "SK") == ""


def test_callers_are_greeted_in_their_language_else_in_that_of_their_country() -> None:
    assert languages_of(VERA, "ru") == ("ru",)
    assert languages_of("+73435550101", "") == ("ru",)
    assert languages_of(VERA, "") == ("en",)
    assert languages_of("", "") == ("en", "ru")


def test_whoever_serves_is_mailed_once_of_a_voicemail(line: Line) -> None:
    line.now = EVENING
    line.record(line.take())
    line.session.rollback()
    about = [
        message_from_bytes(row.content, policy=policy.default)["Subject"]
        for row in line.session.scalars(select(OutgoingMail))
    ]
    assert [text.strip() for text in about] == ["Ring Vera Lindqvist by Tuesday 1 December, 11:00"]


def test_a_voicemail_of_the_evening_is_a_kept_callback_in_the_morning(line: Line) -> None:
    line.now, sam = EVENING, line.world.sam.user
    step = line.step(line.take())
    assert isinstance(step, Speak) and step.promise is not None
    line.now += timedelta(minutes=1)
    line.record(line.take())
    line.now = TUESDAY_11 - timedelta(minutes=20)
    (waiting,) = callback_queries.open_callbacks(line.session, line.now, line.settings, sam)
    assert (waiting.contact_name, waiting.due_at) == ("Vera Lindqvist", step.promise.due_at)
    line.write(lambda s: callbacks.take(s, line.now, line.settings, sam, waiting.public_id, ""))
    kept = line.write(
        lambda s: callbacks.note_outcome(
            s, line.now, line.settings, sam, waiting.public_id, Outcome.REACHED, ""
        )
    )
    assert kept.state is CallbackState.REACHED and kept.closed_at is not None
    assert kept.closed_at < step.promise.due_at
