"""Level 2 as services: who is asked and told, who takes it, and what a severity does by itself."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.config import Settings
from app.desk import queries as desk
from app.desk.escalations import queries, service
from app.desk.escalations.errors import EscalationOver
from app.desk.escalations.values import Cause
from app.desk.requests.errors import CannotChange
from app.desk.requests.values import ClockName
from app.desk.values import Happening
from app.lib.text import UncleanText
from app.mail.models import OutgoingMail
from app.mail.service import GIVEN_UP
from tests.desk.clock import at
from tests.desk.escalations.level_two import MINUTE, LevelTwo
from tests.support.mail import SmtpSink, mail_text
from tests.support.replica import open_calendar

NIGHT = at("2024-11-24 02:00")  # a Sunday that is over, so that its mails go out
NOON = at("2026-11-24 12:00")  # a Tuesday


@pytest.fixture
def night(session: Session, settings: Settings) -> LevelTwo:
    return LevelTwo(session, settings, NIGHT)


@pytest.fixture
def noon(session: Session, settings: Settings) -> LevelTwo:
    return LevelTwo(session, settings, NOON)


def test_severity_1_at_night_ends_with_the_senior_on_it_and_both_clocks_right(
    night: LevelTwo, smtp_sink: SmtpSink
) -> None:
    night.put_on_call(night.mia)
    request = night.request(1)
    assert night.asked(request) == ["Mia"]
    assert night.mails() == [
        ("mia", "Severity 1: Nordwind needs you now"),
        ("ada", "Severity 1 at Nordwind"),
    ]
    night.deliver()
    night.later(4)
    taken = night.take(night.level_two(request), night.mia)
    assert taken.taken_by is not None and taken.taken_by.name == "Mia Falk" and taken.taken_at == night.now
    assert dict(night.mails(":senior_taken:")) == {
        "sam": "Mia Falk is on it: Nordwind",
        "ada": "Mia Falk is on it: Nordwind",
    }
    assert night.mails(":senior_on_it:") == [("vera", "Mia Falk is on it")]
    night.later(6)
    night.say(request, night.mia)
    clocks = night.request_now(request).clocks
    assert clocks[ClockName.FIRST_RESPONSE].met_at == NIGHT + 10 * MINUTE
    assert clocks[ClockName.FIRST_RESPONSE].due_at == NIGHT + 60 * MINUTE
    assert clocks[ClockName.NEXT_STEP].met_at is None
    assert clocks[ClockName.NEXT_STEP].due_at == NIGHT + 240 * MINUTE
    night.later(60)
    assert night.asked(request) == ["Mia"]
    night.deliver()
    asking = smtp_sink.to("mia@attache.example")[0]
    (on_it,) = [
        mail for mail in smtp_sink.to("vera@nordwind.example") if mail["Subject"] == "Mia Falk is on it"
    ]
    address = f"{night.settings.public_url}/escalations/{taken.public_id}"
    assert address in mail_text(asking) and "within 10 minutes" in mail_text(asking)
    assert "Mia Falk (Senior support engineer) is on it since 02:04" in mail_text(on_it)


def test_who_does_not_take_it_for_ten_minutes_is_followed_by_the_next(night: LevelTwo) -> None:
    night.put_on_call(night.nils)
    request = night.request(2)
    night.later(9.9)
    assert night.asked(request) == ["Nils"]
    night.later(0.1)
    assert night.asked(request) == ["Nils", "Lev"]
    # The first may still take it.
    assert night.take(night.level_two(request), night.nils).taken_by is not None


def test_who_declines_is_followed_at_once_and_the_first_line_says_why(night: LevelTwo) -> None:
    request = night.request(1)
    found = night.level_two(request)
    night.later(1)
    assert [item.name for item in night.decline(found, night.lev).asks] == ["Lev Orlov", "Mia Falk"]
    night.decline(found, night.lev)
    assert night.asked(request) == ["Lev", "Mia"]
    lines = desk.messages(night.session, request.conversation.id, for_staff=True)
    told = [(line.happening, line.facts.get("senior", ""), line.is_internal) for line in lines[1:]]
    assert told == [
        (Happening.SENIOR_ASKED, "", False),
        (Happening.SENIOR_ASKED, "Lev Orlov", True),
        (Happening.SENIOR_DECLINED, "Lev Orlov", True),
        (Happening.SENIOR_ASKED, "Mia Falk", True),
    ]


def test_when_nobody_takes_it_administrators_are_told_and_the_round_begins_anew(night: LevelTwo) -> None:
    night.put_on_call(night.mia)
    request = night.request(1)
    for _ in range(2):
        night.later(10)
    assert night.asked(request) == ["Mia", "Lev", "Nils"] and night.mails(":senior_unanswered:") == []
    night.later(10)
    assert night.mails(":senior_unanswered:") == [("ada", "No senior has taken it: Nordwind")]
    assert night.asked(request) == ["Lev", "Nils", "Mia"]
    asked = [name for name, _ in night.mails(":senior_asked:")]
    assert asked == ["mia", "lev", "nils", "mia"]


def test_what_is_not_urgent_is_asked_anew_in_the_morning(night: LevelTwo) -> None:
    request = night.request(4)
    night.escalate(request, night.world.vera.user)
    for _ in range(3):
        night.later(10)
    found = night.level_two(request)
    assert len(found.asks) == 3 and found.next_ask_at == at("2024-11-25 09:00")
    night.change_severity(request, 1)
    assert night.level_two(request).next_ask_at == night.now + 10 * MINUTE
    assert [name for name, _ in night.mails(":senior_asked:")] == ["lev", "mia", "nils", "lev"]
    assert night.mails(":senior_alert:") == [("ada", "Severity 1 at Nordwind")]


def test_in_hours_the_senior_who_is_in_and_has_least_to_do_is_asked(noon: LevelTwo) -> None:
    for senior in (noon.mia, noon.nils):
        open_calendar(noon.session, noon.settings, noon.now, senior.id)
    noon.put_on_call(noon.lev)
    first, second = noon.request(4), noon.request(5, noon.world.pavel)
    noon.escalate(first, noon.world.vera.user)
    assert noon.asked(first) == ["Mia"]
    noon.escalate(second, noon.world.sam.user, "Cannot find it in the logs.")
    assert noon.asked(second) == ["Nils"]


def test_the_customer_asks_with_a_sentence_and_again_adds_to_it(noon: LevelTwo) -> None:
    request = noon.request(3)
    vera, sam = noon.world.vera.user, noon.world.sam.user
    first = noon.escalate(request, vera, "Third time this week.")
    assert noon.mails(":senior_wanted:") == [("sam", "Nordwind asks for a senior engineer")]
    again = noon.escalate(request, sam, "Probably the proxy.")
    assert again.id == first.id and again.note == "Third time this week.\n\nProbably the proxy."
    assert len(noon.mails(":senior_asked:")) == 1
    seen = desk.messages(noon.session, request.conversation.id, for_staff=False)
    assert "Probably the proxy." not in [line.text for line in seen]
    assert [line.facts for line in seen[1:]] == [{"cause": "customer", "note": "Third time this week."}]


def test_a_colleague_who_asks_is_named_and_hears_who_has_it_as_that_one_hears_more(noon: LevelTwo) -> None:
    request, otto = noon.request(3), noon.world.otto.user
    found = noon.escalate(request, otto)
    for what in (":senior_wanted:", ":senior_asked:"):
        assert f"{otto.name} asks for a senior engineer." in noon.texts(what)[0]
    noon.take(found, noon.lev)
    assert {name for name, _ in noon.mails(":senior_on_it:")} == {"vera", "otto"}
    noon.later(1)
    noon.escalate(request, noon.world.vera.user, "It is worse.")
    assert [name for name, _ in noon.mails(":senior_wanted:")] == ["sam", "sam", "lev"]
    assert all("It is worse." in text for text in noon.texts(":senior_wanted:")[1:])


def test_a_specialist_says_why_and_a_solved_request_needs_nobody(noon: LevelTwo) -> None:
    request = noon.request(3)
    with pytest.raises(UncleanText):
        noon.escalate(request, noon.world.sam.user, " ")
    noon.solve(request)
    with pytest.raises(CannotChange):
        noon.escalate(request, noon.world.vera.user)


def test_solving_ends_it_and_withdraws_what_asks(noon: LevelTwo) -> None:
    request = noon.request(1)
    noon.solve(request)
    found = noon.level_two(request)
    assert found.ended_at == noon.now and found.next_ask_at is None
    asks = OutgoingMail.subject_key.like("escalation:%:senior_asked:%")
    assert noon.session.scalars(select(OutgoingMail.state).where(asks)).all() == [GIVEN_UP]
    with pytest.raises(EscalationOver):
        noon.take(found, noon.lev)
    noon.later(60)
    assert noon.asked(request) == ["Lev"]


def test_a_message_that_opens_an_urgent_request_again_brings_a_senior_in_again(noon: LevelTwo) -> None:
    for severity, names in ((1, ["Lev"]), (3, [])):
        request = noon.request(severity)
        noon.solve(request)
        noon.later(1)
        noon.say(request, noon.world.vera.user)
        noon.later(1)
        noon.later(1)
        assert [name for name, _ in noon.mails(":senior_asked:")] == ["lev"] * 2
        if severity == 1:
            found = noon.level_two(request)
            assert found.ended_at is None and noon.asked(request) == names
            assert ("ada", "Severity 1 at Nordwind") in noon.mails(f"escalation:{found.id}:senior_alert")
            noon.take(found, noon.lev)


def test_what_was_sent_twice_is_noted_once(noon: LevelTwo) -> None:
    request, vera = noon.request(3), noon.world.vera.user
    for note in ("All is down", "All is down", "", "Still", "Still"):
        found = noon.escalate(request, vera, note)
    assert found.note == "All is down\n\nStill"
    lines = desk.messages(noon.session, request.conversation.id, for_staff=False)
    assert [line.facts.get("note") for line in lines[1:]] == ["All is down", "Still"]


def test_who_was_asked_or_had_a_chat_reads_it_no_more_when_it_is_over(noon: LevelTwo) -> None:
    chat, vera = noon.standing(noon.world.vera), noon.world.vera.user
    found = noon.write(lambda s: service.escalate(s, noon.now, noon.settings, chat.id, Cause.CUSTOMER, vera))
    noon.later(10)
    noon.take(found, noon.mia)
    see = (noon.session, noon.now, noon.settings)
    for who in (noon.lev, noon.mia):
        assert desk.find(*see, who, chat.public_id).id == chat.id
    noon.end(found, noon.mia)
    for who in (noon.lev, noon.mia):
        assert queries.find(*see, who, found.public_id).id == found.id
        with pytest.raises(NotFound):
            desk.find(*see, who, chat.public_id)
    request = noon.request(3)
    noon.end(noon.take(noon.escalate(request, vera), noon.lev), noon.lev)
    assert desk.find(*see, noon.lev, request.conversation.public_id).id == request.conversation.id


def test_it_is_ended_by_hand_and_can_be_wanted_again(noon: LevelTwo) -> None:
    noon.put_on_call(noon.mia)
    request = noon.request(3)
    found = noon.escalate(request, noon.world.vera.user)
    with pytest.raises(NotFound):
        noon.take(found, noon.lev)
    noon.take(found, noon.mia)
    with pytest.raises(NotFound):
        noon.end(found, noon.lev)
    with pytest.raises(NotFound):
        noon.end(found, noon.world.rita.user)
    assert noon.end(found, noon.mia).ended_at == noon.now
    lines = desk.messages(noon.session, request.conversation.id, for_staff=False)
    assert lines[-1].happening == Happening.SENIOR_LEFT and lines[-1].facts == {"senior": "Mia Falk"}
    assert noon.escalate(request, noon.world.vera.user).id != found.id


def test_when_whoever_took_it_has_left_others_are_asked(noon: LevelTwo) -> None:
    request = noon.request(3)
    found = noon.take(noon.escalate(request, noon.world.vera.user), noon.lev)
    noon.later(1)
    assert noon.level_two(request).taken_by is not None
    noon.close_account(noon.lev)
    noon.later(1)
    assert noon.level_two(request).taken_by is None and noon.asked(request) == ["Lev", "Mia"]
    noon.take(found, noon.mia)
    assert [title for _, title in noon.mails(":senior_on_it:")] == ["Lev Orlov is on it", "Mia Falk is on it"]


def test_a_senior_sees_the_conversation_when_asked_and_a_foreign_specialist_nothing(noon: LevelTwo) -> None:
    request = noon.request(3)
    found = noon.escalate(request, noon.world.vera.user)
    public_id = request.conversation.public_id
    assert desk.find(noon.session, noon.now, noon.settings, noon.lev, public_id).id == request.conversation.id
    with pytest.raises(NotFound):
        desk.find(noon.session, noon.now, noon.settings, noon.mia, public_id)
    for who in (noon.mia, noon.world.rita.user, noon.world.vera.user):
        with pytest.raises(NotFound):
            queries.find(noon.session, noon.now, noon.settings, who, found.public_id)


def test_without_seniors_the_administrators_are_told_to_find_somebody(noon: LevelTwo) -> None:
    for senior in (noon.lev, noon.mia, noon.nils):
        noon.close_account(senior)
    request = noon.request(1)
    found = noon.level_two(request)
    assert found.asks == () and found.next_ask_at == noon.now + 60 * MINUTE
    assert noon.mails() == [
        ("ada", "No senior has taken it: Nordwind"),
        ("ada", "Severity 1 at Nordwind"),
    ]
