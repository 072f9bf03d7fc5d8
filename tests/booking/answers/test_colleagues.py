"""Colleagues whom the contact added: whom they answer to, and what their answers are judged against."""

from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.booking import service
from app.booking.models import Attendee
from app.booking.values import CallValue
from app.invites.replies import Outcome
from app.lib.db import write
from tests.booking.answers.conftest import HOUR, Post
from tests.booking.core.desk import TUESDAY
from tests.support.answers import answer_to

OLGA = "olga@nordwind.example"


@pytest.fixture
def post(desk_of_post: Post) -> Post:
    return desk_of_post


@pytest.fixture
def call(post: Post) -> CallValue:
    """Vera's confirmed call, to which she adds Olga."""
    call = post.invited()
    add(post, call)
    return call


def add(post: Post, call: CallValue) -> None:
    asked = (post.now, post.settings, post.world.vera.user, call.public_id, OLGA)
    write(post.session, [post.world.sam.id], lambda session: service.add_guest(session, *asked))


def take_off(post: Post, call: CallValue) -> None:
    asked = (post.now, post.settings, post.world.vera.user, call.public_id, OLGA)
    write(post.session, [post.world.sam.id], lambda session: service.remove_guest(session, *asked))


def mails(post: Post) -> list[EmailMessage]:
    return [mail for _kind, mail in post.letters() if mail["To"].addresses[0].addr_spec == OLGA]


def calendar(mail: EmailMessage) -> str:
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return str(part.get_content()).replace("\r\n", "\n").replace("\n ", "")


def olgas(post: Post) -> Attendee:
    post.session.rollback()
    return post.session.scalars(select(Attendee).where(Attendee.email == OLGA)).one()


@pytest.mark.postgres
def test_all_that_a_colleague_is_sent_asks_for_answers_at_their_own_address(
    post: Post, call: CallValue
) -> None:
    post.moved(call, TUESDAY + HOUR)
    take_off(post, call)
    add(post, call)
    post.cancel(post.world.sam.user, call)
    tags = set(post.session.scalars(select(Attendee.organizer)))
    assert len(tags) == 2 and all(str(tag).startswith("calls+") for tag in tags)
    texts = [calendar(mail) for mail in mails(post)]
    assert [text.partition("METHOD:")[2].split("\n")[0] for text in texts] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
        "REQUEST",
        "CANCEL",
    ]
    assert all(f":mailto:{olgas(post).organizer}\n" in text for text in texts)


def test_their_answer_counts_until_they_are_asked_anew(post: Post, call: CallValue) -> None:
    old = mails(post)[-1]
    assert post.take(answer_to(old, "ACCEPTED", stamped_at=post.now)) is Outcome.APPLIED
    assert post.partstats() == ["NEEDS-ACTION", "ACCEPTED"]
    post.moved(call, TUESDAY + HOUR)
    assert post.partstats() == ["NEEDS-ACTION", "NEEDS-ACTION"]
    assert post.take(answer_to(old, "DECLINED", stamped_at=post.now)) is Outcome.STALE


def test_who_came_back_answers_to_a_sequence_above_the_calls(post: Post, call: CallValue) -> None:
    off = mails(post)[-1]
    take_off(post, call)
    assert post.take(answer_to(off, "ACCEPTED", stamped_at=post.now)) is Outcome.STRANGER
    add(post, call)
    again = mails(post)[-1]
    assert "SEQUENCE:2\n" in calendar(again) and post.now_of(call).sequence == 0
    assert post.take(answer_to(off, "DECLINED", stamped_at=post.now)) is Outcome.STALE
    assert post.take(answer_to(again, "ACCEPTED", stamped_at=post.now)) is Outcome.APPLIED
    assert post.partstats() == ["NEEDS-ACTION", "ACCEPTED"]


def test_their_proposal_is_declined_with_their_own_sequence_and_no_link(post: Post, call: CallValue) -> None:
    take_off(post, call)
    add(post, call)
    start = TUESDAY + 3 * HOUR
    times = {
        "start": f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        "end": f"DTEND:{start + HOUR / 2:%Y%m%dT%H%M%SZ}",
    }
    asked = answer_to(mails(post)[-1], "TENTATIVE", method="COUNTER", stamped_at=post.now, **times)
    assert post.take(asked) is Outcome.PROPOSED
    (proposed,) = service.proposals(post.session, post.now, post.world.sam.user)
    post.session.rollback()
    settled = (post.now, post.settings, post.world.sam.user, call.public_id, proposed.public_id)
    write(post.session, [post.world.sam.id], lambda session: service.decline_proposal(session, *settled))
    letter = mails(post)[-1]
    text = calendar(letter)
    assert "METHOD:DECLINECOUNTER\n" in text and "SEQUENCE:2\n" in text
    assert f":mailto:{olgas(post).organizer}\n" in text and olgas(post).sent_sequence == 2
    assert call.public_id not in letter.as_string() and call.public_id not in text
