"""Asked for at 18:30, kept the next morning; and what happens when two do the same at once."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk import queries as conversations
from app.desk.callbacks import service
from app.desk.callbacks.errors import CallbackTaken
from app.desk.callbacks.jobs import callbacks_pass
from app.desk.callbacks.models import Callback
from app.desk.callbacks.ringing.queue import in_order
from app.desk.callbacks.values import Asked, CallbackState, Outcome, Source
from app.desk.values import Happening
from app.lib.db import write
from tests.desk.callbacks.test_service import EVENING, TUESDAY_11, Queue
from tests.support.databases import make_engine
from tests.world import build_world

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


@pytest.fixture
def queue(session: Session, settings: Settings) -> Queue:
    return Queue(session, settings, build_world(session, EVENING))


def test_asked_for_in_the_evening_it_is_kept_the_next_morning(queue: Queue) -> None:
    sam, value = queue.world.sam, queue.ask()
    assert value.due_at == TUESDAY_11
    # All night nothing is due, and nobody is warned.
    night = [EVENING + number * HOUR for number in range(14)]
    for moment in night:
        callbacks_pass(queue.session, queue.settings, moment)
    queue.now = datetime(2026, 12, 1, 8, 10, tzinfo=UTC)
    assert queue.seen_by(sam) == [value.number]
    queue.take(sam, value)
    queue.note(sam, value, Outcome.NO_ANSWER)
    queue.now += HOUR
    queue.take(sam, value)
    kept = queue.note(sam, value, Outcome.REACHED)
    callbacks_pass(queue.session, queue.settings, TUESDAY_11 + HOUR)
    assert kept.state is CallbackState.REACHED and kept.closed_at is not None
    assert kept.closed_at < kept.due_at and len(kept.attempts) == 2
    assert kept.conversation_id is not None
    told = conversations.messages(queue.session, kept.conversation_id, for_staff=False)
    assert [item.happening for item in told] == [Happening.CALLBACK_ASKED, Happening.CALLBACK_CLOSED]
    assert queue.mails() == ["sam: Ring Vera Lindqvist by Tuesday 1 December, 11:00"]


def test_who_can_be_rung_now_comes_first_and_the_night_last(queue: Queue) -> None:
    queue.now = datetime(2026, 12, 1, 9, 12, tzinfo=UTC)
    asked = Asked(None, None, "+12125550142", "", None, Source.VOICEMAIL, "night")
    queue.write(lambda s: service.ask(s, EVENING - 3 * HOUR, queue.settings, asked))
    queue.ask(key="later", wished_at=datetime(2026, 12, 1, 10, 0, tzinfo=UTC))
    queue.ask(key="now")
    found = service.queries.open_callbacks(queue.session, queue.now, queue.settings, queue.world.sam.user)
    ordered = [(item.place, item.value.number, item.after) for item in in_order(found, queue.now)]
    assert ordered == [
        (1, "+493012345678", None),
        (2, "+493012345678", datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),
        (3, "+12125550142", datetime(2026, 12, 1, 13, 0, tzinfo=UTC)),
    ]


def test_asked_twice_at_the_same_moment_it_is_one(
    database_url: str, session: Session, settings: Settings
) -> None:
    queue = Queue(session, settings, build_world(session, EVENING))
    vera, engine, start = queue.world.vera, make_engine(database_url), Barrier(2)
    asked = Asked(vera.profile.company_id, vera.id, "+493012345678", "", None, Source.PAGE, "same")

    def work() -> None:
        with Session(engine) as mine:
            start.wait()
            write(mine, [], lambda s: service.ask(s, EVENING, settings, asked))

    run_twice(work, work)
    engine.dispose()
    assert session.scalar(select(func.count()).select_from(Callback)) == 1
    assert len(queue.mails()) == 1


def test_of_two_who_take_it_at_the_same_moment_one_has_it(
    database_url: str, session: Session, settings: Settings
) -> None:
    queue = Queue(session, settings, build_world(session, EVENING))
    value, engine, start, told = queue.ask(), make_engine(database_url), Barrier(2), list[str]()

    def taking(user: object) -> None:
        with Session(engine) as mine:
            start.wait()
            try:
                write(
                    mine,
                    [],
                    lambda s: service.take(s, EVENING, settings, user, value.public_id, ""),  # type: ignore[arg-type]
                )
            except CallbackTaken as error:
                told.append(error.name)

    run_twice(lambda: taking(queue.world.sam.user), lambda: taking(queue.world.ada.user))
    engine.dispose()
    session.rollback()
    holder = session.scalars(select(Callback.taken_by_id)).one()
    names = {queue.world.sam.id: queue.world.sam.user.name, queue.world.ada.id: queue.world.ada.user.name}
    assert told == [names[holder]]  # type: ignore[index]


def run_twice(first: object, second: object) -> None:
    threads = [Thread(target=work) for work in (first, second)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
