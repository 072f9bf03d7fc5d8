"""Callbacks: asked for once, taken by one, rung, and told of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.booking.in_words import Reader
from app.config import Settings
from app.desk import queries as conversations
from app.desk.callbacks import queries, service
from app.desk.callbacks.errors import CallbackClosed, CallbackTaken
from app.desk.callbacks.jobs import callbacks_pass
from app.desk.callbacks.ringing.queue import in_order
from app.desk.callbacks.ringing.queue_page import clock_line
from app.desk.callbacks.values import Asked, CallbackState, CallbackValue, Outcome, Source
from app.desk.exporting.service_erasing import erase_contact
from app.desk.queries_hours import business_hours
from app.desk.values import Happening
from app.lib.db import write
from app.mail.models import OutgoingMail
from tests.world import Member, World, build_world

pytestmark = pytest.mark.postgres
T = TypeVar("T")

# Monday 30 November 2026, 18:30 in Bratislava.
EVENING = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
TUESDAY_11 = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Queue:
    """Callbacks as an entry point does them."""

    session: Session
    settings: Settings
    world: World
    now: datetime = EVENING

    def write(self, work: Callable[[Session], T]) -> T:
        return write(self.session, [], work)

    def ask(self, member: Member | None = None, **changes: Any) -> CallbackValue:
        vera = self.world.vera
        asked = Asked(vera.profile.company_id, vera.id, "+493012345678", "Import", None, Source.PAGE, "k")
        if member is not None:
            asked = replace(asked, company_id=member.profile.company_id, contact_id=member.id)
        asked = replace(asked, **changes)
        return self.write(lambda s: service.ask(s, self.now, self.settings, asked))

    def take(self, member: Member, value: CallbackValue, shown: str = "") -> CallbackValue:
        user, number = member.user, value.public_id
        return self.write(lambda s: service.take(s, self.now, self.settings, user, number, shown))

    def note(self, member: Member, value: CallbackValue, outcome: Outcome) -> CallbackValue:
        user, number = member.user, value.public_id
        return self.write(
            lambda s: service.note_outcome(s, self.now, self.settings, user, number, outcome, "Rang twice")
        )

    def seen_by(self, member: Member) -> list[str]:
        found = queries.open_callbacks(self.session, self.now, self.settings, member.user)
        return [item.number for item in found]

    def mails(self) -> list[str]:
        rows = self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        found = [message_from_bytes(row.content, policy=policy.default) for row in rows]
        return [f"{mail['To'].addresses[0].username}: {mail['Subject'].strip()}" for mail in found]  # type: ignore[attr-defined]


@pytest.fixture
def queue(session: Session, settings: Settings) -> Queue:
    return Queue(session, settings, build_world(session, EVENING))


def test_a_callback_asked_for_twice_is_one_and_told_once(queue: Queue) -> None:
    first, second = queue.ask(), queue.ask()
    assert first.public_id == second.public_id
    assert (first.state, first.due_at) == (CallbackState.WAITING, TUESDAY_11)
    assert first.conversation_id is not None
    found = conversations.messages(queue.session, first.conversation_id, for_staff=False)
    assert [(item.happening, item.author_name) for item in found] == [
        (Happening.CALLBACK_ASKED, "Vera Lindqvist")
    ]
    assert found[0].facts["due_at"] == "2026-12-01T10:00:00Z"
    assert queue.mails() == ["sam: Ring Vera Lindqvist by Tuesday 1 December, 11:00"]


def test_they_are_seen_by_whoever_serves_and_unknown_callers_by_all(queue: Queue) -> None:
    queue.ask()
    queue.ask(company_id=None, contact_id=None, number="+420222333444", key="unknown")
    assert queue.seen_by(queue.world.sam) == ["+493012345678", "+420222333444"]
    assert queue.seen_by(queue.world.rita) == ["+420222333444"]
    assert queue.seen_by(queue.world.ada) == ["+493012345678", "+420222333444"]
    assert "ada: Ring +420 222 333 444 by Tuesday 1 December, 11:00" in queue.mails()


def test_what_is_somebody_elses_is_not_there(queue: Queue) -> None:
    value = queue.ask()
    for stranger in (queue.world.mallory, queue.world.pavel, queue.world.rita):
        with pytest.raises(NotFound):
            queries.find(queue.session, queue.now, queue.settings, stranger.user, value.public_id)


def test_of_two_who_take_it_the_second_is_told_and_can_take_it_over(queue: Queue) -> None:
    value, world = queue.ask(), queue.world
    assert queue.take(world.sam, value).taken_by_name == world.sam.user.name
    with pytest.raises(CallbackTaken) as told:
        queue.take(world.ada, value)
    assert told.value.name == world.sam.user.name
    over = queue.take(world.ada, value, world.sam.user.public_id)
    assert over.taken_by_id == world.ada.id
    with pytest.raises(CallbackTaken):
        queue.note(world.sam, value, Outcome.REACHED)


def test_no_answer_keeps_it_in_the_queue_and_frees_it(queue: Queue) -> None:
    value, sam = queue.ask(), queue.world.sam
    queue.take(sam, value)
    left = queue.note(sam, value, Outcome.NO_ANSWER)
    assert (left.state, left.taken_by_id) == (CallbackState.WAITING, None)
    assert [(item.outcome, item.by_name) for item in left.attempts] == [(Outcome.NO_ANSWER, sam.user.name)]
    # A second press counts no second attempt.
    with pytest.raises(CallbackTaken):
        queue.note(sam, value, Outcome.NO_ANSWER)


def test_reached_closes_it_and_the_contact_reads_so(queue: Queue) -> None:
    value, sam = queue.ask(), queue.world.sam
    queue.take(sam, value)
    done = queue.note(sam, value, Outcome.REACHED)
    assert (done.state, done.closed_at) == (CallbackState.REACHED, EVENING)
    assert done.conversation_id is not None
    last = conversations.messages(queue.session, done.conversation_id, for_staff=False)[-1]
    assert (last.happening, last.facts["state"]) == (Happening.CALLBACK_CLOSED, "reached")
    with pytest.raises(CallbackClosed):
        queue.take(sam, value)


def test_a_contact_with_a_wrong_number_is_mailed(queue: Queue) -> None:
    value, sam = queue.ask(), queue.world.sam
    queue.take(sam, value)
    assert queue.note(sam, value, Outcome.WRONG_NUMBER).state is CallbackState.WRONG_NUMBER
    assert queue.mails()[-1] == "vera: We could not reach you: +49 30 12345678 is a wrong number"


def test_what_is_withdrawn_is_over(queue: Queue) -> None:
    value, vera = queue.ask(), queue.world.vera.user
    withdrawn = queue.write(lambda s: service.withdraw(s, queue.now, queue.settings, vera, value.public_id))
    assert withdrawn.state is CallbackState.WITHDRAWN
    assert queue.seen_by(queue.world.sam) == []


def test_it_is_warned_of_before_and_told_of_after_once_each(queue: Queue) -> None:
    queue.ask()
    before = len(queue.mails())
    for minutes in (-16, -15, -14, 0, 1):
        callbacks_pass(queue.session, queue.settings, TUESDAY_11 + minutes * MINUTE)
        if minutes == -16:
            assert len(queue.mails()) == before
    assert queue.mails()[before:] == [
        "sam: 15 minutes left to ring Vera Lindqvist: promised by Tuesday 1 December, 11:00",
        "sam: Vera Lindqvist was to be rung by Tuesday 1 December, 11:00 and was not",
        "ada: Vera Lindqvist was to be rung by Tuesday 1 December, 11:00 and was not",
    ]


def test_one_that_was_kept_is_not_warned_of(queue: Queue) -> None:
    value, sam = queue.ask(), queue.world.sam
    queue.take(sam, value)
    queue.note(sam, value, Outcome.REACHED)
    before = len(queue.mails())
    callbacks_pass(queue.session, queue.settings, TUESDAY_11)
    assert len(queue.mails()) == before


def test_who_was_rung_and_did_not_answer_was_not_forgotten(queue: Queue, app: Flask) -> None:
    value, sam = queue.ask(), queue.world.sam
    queue.now = TUESDAY_11 - 30 * MINUTE
    queue.take(sam, value)
    rung = queue.note(sam, value, Outcome.NO_ANSWER)
    before = len(queue.mails())
    for minutes in (-15, 1):
        callbacks_pass(queue.session, queue.settings, TUESDAY_11 + minutes * MINUTE)
    assert len(queue.mails()) == before
    # Whoever has not been rung at all comes before them, although that is due later.
    later = replace(value, id=value.id + 1, due_at=value.due_at + timedelta(hours=2))
    first, second = in_order([rung, later], TUESDAY_11)
    assert [first.value, second.value] == [later, rung]
    hours = business_hours(queue.session, queue.settings)
    reader = Reader("en", "Europe/Bratislava", "Europe/Bratislava")
    with app.test_request_context():
        lines = [clock_line(item, hours, reader, TUESDAY_11 + MINUTE) for item in (first, second)]
    assert [line.state for line in lines] == ["running", "met"]


def test_its_mails_go_when_the_contact_is_erased(queue: Queue) -> None:
    queue.ask()
    assert queue.session.scalars(select(OutgoingMail.content)).one()
    queue.session.execute(update(OutgoingMail).values(state="sent", sent_at=EVENING))
    queue.session.commit()
    ada, public_id = queue.world.ada.user, queue.world.vera.user.public_id
    queue.write(lambda s: erase_contact(s, EVENING, queue.settings, ada, public_id))
    assert queue.session.scalars(select(OutgoingMail.content)).all() == [b""]
