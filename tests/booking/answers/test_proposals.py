"""Other times that guests propose (COUNTER), and what becomes of them."""

from datetime import datetime, timedelta

import icalendar
import pytest

from app.accounts.errors import NotFound
from app.accounts.values import SignedIn
from app.availability.errors import SlotRefused, SlotTaken
from app.booking import service
from app.booking.answers.service import settle_overtaken
from app.booking.values import CallValue
from app.invites.replies import Outcome
from app.lib.db import write
from tests.booking.answers.conftest import HOUR, Post
from tests.booking.core.desk import TUESDAY
from tests.support.mail import mail_text
from tests.support.replica import open_calendar

OTHER = TUESDAY + 2 * HOUR
MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(desk_of_post: Post) -> Post:
    return desk_of_post


def waiting(post: Post, user: SignedIn | None = None) -> list[str]:
    post.session.rollback()
    found = service.proposals(post.session, post.now, user or post.world.sam.user)
    return [item.public_id for item in found]


def settle(post: Post, verb: str, call: CallValue, number: str, user: SignedIn | None = None) -> None:
    sam = user or post.world.sam.user
    act = service.accept_proposal if verb == "accept" else service.decline_proposal
    write(
        post.session,
        [post.world.sam.id],
        lambda s: act(s, post.now, post.settings, sam, call.public_id, number),
    )


@pytest.mark.postgres
def test_a_proposal_moves_nothing_by_itself_and_the_specialist_is_told(post: Post) -> None:
    call = post.invited()
    assert post.propose(OTHER, more=("COMMENT:better for me",)) is Outcome.PROPOSED
    assert post.now_of(call).span == call.span and post.now_of(call).move is None
    assert post.partstats() == ["NEEDS-ACTION"]
    kind, letter = post.letters()[-1]
    text = mail_text(letter)
    assert kind == "proposed" and letter["To"].addresses[0].addr_spec == "sam@attache.example"
    assert "Tue 24 Nov, 12:00" in text and "better for me" in text and call.public_id in text
    assert ("proposed", "Vera Lindqvist") in post.facts(call) and len(waiting(post)) == 1


@pytest.mark.postgres
def test_an_accepted_proposal_is_an_ordinary_move(post: Post) -> None:
    call = post.invited()
    post.propose(OTHER)
    settle(post, "accept", call, waiting(post)[0])
    move = post.now_of(call).move
    assert move is not None and move.start == OTHER and move.length == call.length
    assert ("move_asked", "Sam Horvath") in post.facts(call)
    assert post.proposals() == [(OTHER, "accepted")] and waiting(post) == []


def test_a_time_that_is_not_free_is_refused_and_the_proposal_stays_open(post: Post) -> None:
    call = post.invited()
    post.book(post.world.pavel, OTHER)
    post.propose(OTHER)
    with pytest.raises(SlotTaken):
        settle(post, "accept", call, waiting(post)[0])
    post.propose(TUESDAY + 12 * HOUR)
    with pytest.raises(SlotRefused):
        settle(post, "accept", call, waiting(post)[0])
    assert post.now_of(call).move is None and len(waiting(post)) == 1


def test_a_declined_proposal_is_answered_in_words_and_to_the_program(post: Post) -> None:
    call = post.invited()
    post.propose(OTHER)
    settle(post, "decline", call, waiting(post)[0])
    kind, letter = post.letters()[-1]
    (part,) = [item for item in letter.walk() if item.get_content_type() == "text/calendar"]
    calendar = icalendar.Calendar.from_ical(part.get_content())
    (answer,) = calendar.walk("VEVENT")
    assert kind == "proposal_declined" and part.get_param("method") == calendar["METHOD"] == "DECLINECOUNTER"
    assert (answer["UID"], answer["SEQUENCE"], answer.start) == (call.uid, 0, call.start)
    assert answer["ATTENDEE"] == "mailto:vera@nordwind.example"
    assert "cannot take the time" in mail_text(letter)
    assert post.proposals() == [(OTHER, "declined")] and post.now_of(call).span == call.span
    with pytest.raises(NotFound):
        settle(post, "accept", call, "anything")


def test_a_declined_proposal_carries_the_sequence_that_its_sender_knows(post: Post) -> None:
    open_calendar(post.session, post.settings, post.now, post.world.lev.id)
    call = post.invited()
    assert post.add_senior(post.world.sam.user, call).sequence == 1
    assert post.propose(OTHER) is Outcome.PROPOSED
    settle(post, "decline", call, waiting(post)[0])
    kind, letter = post.letters()[-1]
    (part,) = [item for item in letter.walk() if item.get_content_type() == "text/calendar"]
    (answer,) = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")
    assert (kind, answer["SEQUENCE"]) == ("proposal_declined", 0)


def test_a_colleague_is_answered_at_their_own_address(post: Post) -> None:
    call = post.invited()
    post.colleague(call)
    olga = {"guest": "olga@nordwind.example", "sender": "olga@nordwind.example"}
    assert post.propose(OTHER, to="calls+olga@attache.example", **olga) is Outcome.PROPOSED
    settle(post, "decline", call, waiting(post)[0])
    letter = post.letters()[-1][1]
    assert letter["To"].addresses[0].addr_spec == "olga@nordwind.example"
    (part,) = [item for item in letter.walk() if item.get_content_type() == "text/calendar"]
    text = part.get_content().replace("\r\n ", "")
    assert "ORGANIZER;CN" in text and "mailto:calls+olga@attache.example" in text
    assert call.public_id not in mail_text(letter)


def _again(post: Post, _call: CallValue) -> None:
    post.propose(OTHER + HOUR)


def _accepted(post: Post, _call: CallValue) -> None:
    post.answer("ACCEPTED")


def _moved(post: Post, call: CallValue) -> None:
    post.move(post.world.sam.user, call, TUESDAY + HOUR)


def _cancelled(post: Post, call: CallValue) -> None:
    post.cancel(post.world.vera.user, call)


def _late(post: Post, _call: CallValue) -> None:
    post.now = OTHER


@pytest.mark.parametrize("happened", [_again, _accepted, _moved, _cancelled, _late])
def test_what_happens_later_overtakes_a_proposal(post: Post, happened: object) -> None:
    call = post.invited()
    post.propose(OTHER)
    (number,) = waiting(post)
    post.now += MINUTE
    happened(post, call)  # type: ignore[operator]
    assert number not in waiting(post)
    with pytest.raises(NotFound):
        settle(post, "accept", call, number)
    write(post.session, [], lambda s: settle_overtaken(s, post.now))
    assert post.proposals()[0] == (OTHER, "overtaken")


def test_only_the_calls_specialist_settles_it(post: Post) -> None:
    call = post.invited()
    post.propose(OTHER)
    (number,) = waiting(post)
    for user in (post.world.rita.user, post.world.vera.user, post.world.ada.user):
        assert waiting(post, user) == []
        for verb in ("accept", "decline"):
            with pytest.raises(NotFound):
                settle(post, verb, call, number, user)
    assert waiting(post) == [number]


@pytest.mark.parametrize("start", [TUESDAY - timedelta(days=2000), TUESDAY], ids=["over", "the same"])
def test_what_can_be_no_new_time_is_no_proposal(post: Post, start: datetime) -> None:
    post.invited()
    assert post.propose(start) in {Outcome.PAST, Outcome.NOTHING}
    assert post.proposals() == []


def test_a_guest_who_proposes_without_end_fills_nobodys_mailbox(post: Post) -> None:
    post.invited()
    for number in range(8):
        post.now += MINUTE
        post.propose(OTHER + number * HOUR)
    assert post.kinds().count("proposed") == 5 and len(waiting(post)) == 1
