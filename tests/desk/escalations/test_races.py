"""Level 2 when two do the same at the same moment, on both databases."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.availability.queries import own_days
from app.config import Settings
from app.desk.escalations import service
from app.desk.escalations.errors import AlreadyTaken
from app.desk.escalations.jobs import escalation_pass
from app.desk.escalations.models import Escalation
from app.lib.db import write
from tests.desk.clock import at
from tests.desk.escalations.level_two import MINUTE, LevelTwo
from tests.support.databases import make_engine

NOON = at("2026-11-24 12:00")  # a Tuesday


@pytest.fixture
def noon(session: Session, settings: Settings) -> LevelTwo:
    return LevelTwo(session, settings, NOON)


@pytest.mark.postgres
def test_two_take_at_once_and_the_second_is_told_who_has_it(database_url: str, noon: LevelTwo) -> None:
    request = noon.request(1)
    noon.later(10)
    public_id, engine, start = noon.level_two(request).public_id, make_engine(database_url), Barrier(2)
    told: list[str] = []

    def work(number: int) -> None:
        who = (noon.lev, noon.mia)[number]
        with Session(engine) as mine:
            start.wait()
            try:
                write(mine, [], lambda s: service.take(s, noon.now, noon.settings, who, public_id))
            except AlreadyTaken as error:
                told.append(error.name)

    _at_once(work)
    engine.dispose()
    taken_by = noon.level_two(request).taken_by
    assert taken_by is not None and told == [taken_by.name]


@pytest.mark.postgres
def test_two_workers_ask_the_next_once(database_url: str, noon: LevelTwo) -> None:
    request = noon.request(1)
    own_days(noon.session)
    noon.session.rollback()
    noon.now += 10 * MINUTE
    engine, start = make_engine(database_url), Barrier(2)

    def work(_number: int) -> None:
        with Session(engine) as mine:
            start.wait()
            escalation_pass(mine, noon.settings, noon.now)

    _at_once(work)
    engine.dispose()
    assert noon.asked(request) == ["Lev", "Mia"] and len(noon.mails(":senior_asked:")) == 2


@pytest.mark.postgres
def test_two_who_ask_at_once_open_one(database_url: str, noon: LevelTwo) -> None:
    request, engine, start = noon.request(3), make_engine(database_url), Barrier(2)

    def work(number: int) -> None:
        who = (noon.world.vera.user, noon.world.sam.user)[number]
        cause = (service.Cause.CUSTOMER, service.Cause.SPECIALIST)[number]
        with Session(engine) as mine:
            start.wait()
            write(
                mine,
                [],
                lambda s: service.escalate(
                    s, noon.now, noon.settings, request.conversation.id, cause, who, f"Please {number}"
                ),
            )

    _at_once(work)
    engine.dispose()
    assert noon.session.scalar(select(func.count()).select_from(Escalation)) == 1
    assert sorted(noon.level_two(request).note.split("\n\n")) == ["Please 0", "Please 1"]


def _at_once(work: Callable[[int], None]) -> None:
    threads = [Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
