"""Conversations and requests as services: what is written, once and in order, and what it does to clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.config import Settings
from app.desk import queries
from app.desk.models import Conversation
from app.desk.requests import queries as request_queries
from app.desk.requests import service as requests
from app.desk.requests.errors import CannotChange
from app.desk.requests.values import ClockName, NewRequest, RequestState, RequestValue
from app.desk.service import mark_read, standing_conversation, write_message
from app.desk.values import Channel, Happening, NewFile, Side, Written
from app.lib.db import write
from tests.desk.wanted import wanted
from tests.support.databases import make_engine
from tests.world import Member, World, build_world

pytestmark = pytest.mark.postgres

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # 10:00 in Bratislava
HOUR = timedelta(hours=1)


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, MONDAY)


def asked(world: World, severity: int, **changes: object) -> NewRequest:
    return wanted(world.vera, severity, **{"key": "first", **changes})  # type: ignore[arg-type]


def opened(session: Session, settings: Settings, world: World, severity: int = 3) -> RequestValue:
    return write(session, [], lambda s: requests.open_request(s, MONDAY, settings, asked(world, severity)))


def say(
    session: Session, settings: Settings, at: datetime, request: RequestValue, who: Member, **more: object
) -> None:
    side = Side.STAFF if who.user.is_staff else Side.CUSTOMER
    written = Written(side, Channel.PAGE, "words", f"{at}", who.id, who.user.name)
    written = replace(written, **more)  # type: ignore[arg-type]
    write(session, [], lambda s: write_message(s, at, settings, request.conversation.id, written))


def now_of(session: Session, request: RequestValue) -> RequestValue:
    return request_queries.request_of(session, request.conversation.id)


def test_a_request_has_a_reference_and_both_clocks(
    session: Session, settings: Settings, world: World
) -> None:
    request = opened(session, settings, world)
    assert request.reference == "R-1001" and request.state is RequestState.NEW
    assert request.clocks[ClockName.FIRST_RESPONSE].due_at == MONDAY + 2 * HOUR
    assert request.clocks[ClockName.NEXT_STEP].due_at == MONDAY + 48 * HOUR
    assert request.runs_out_at == MONDAY + 2 * HOUR


def test_the_same_request_asked_twice_is_one(session: Session, settings: Settings, world: World) -> None:
    assert opened(session, settings, world).id == opened(session, settings, world).id
    assert len(session.scalars(select(Conversation)).all()) == 1


def test_our_first_words_meet_the_first_clock_and_only_it(
    session: Session, settings: Settings, world: World
) -> None:
    request = opened(session, settings, world)
    say(session, settings, MONDAY + HOUR, request, world.sam, is_internal=True)
    assert now_of(session, request).state is RequestState.NEW
    say(session, settings, MONDAY + HOUR, request, world.sam, key="seen")
    found = now_of(session, request)
    assert found.state is RequestState.IN_WORK
    assert found.clocks[ClockName.FIRST_RESPONSE].met_at == MONDAY + HOUR
    assert found.clocks[ClockName.NEXT_STEP].met_at is None
    assert found.runs_out_at == MONDAY + 48 * HOUR


def test_waiting_for_the_customer_moves_the_next_step_and_their_answer_ends_it(
    session: Session, settings: Settings, world: World
) -> None:
    request = opened(session, settings, world)
    say(session, settings, MONDAY + HOUR, request, world.sam, waits=True)
    waiting = now_of(session, request)
    assert waiting.state is RequestState.WAITING and waiting.runs_out_at is None
    say(session, settings, MONDAY + 25 * HOUR, request, world.vera)
    found = now_of(session, request)
    assert found.state is RequestState.IN_WORK and len(found.pauses) == 1
    assert found.clocks[ClockName.NEXT_STEP].due_at == MONDAY + 72 * HOUR
    lines = queries.messages(session, request.conversation.id, for_staff=False)
    told = [line.happening for line in lines if line.happening]
    assert told == [Happening.WAITING, Happening.RESUMED]


def test_worse_counts_from_the_opening_and_what_was_met_stays(
    session: Session, settings: Settings, world: World
) -> None:
    request = opened(session, settings, world)
    say(session, settings, MONDAY + 90 * timedelta(minutes=1), request, world.sam)
    vera, sam, number = world.vera.user, world.sam.user, request.conversation.id
    worse = write(
        session,
        [],
        lambda s: requests.change_severity(s, MONDAY + 2 * HOUR, settings, vera, number, 1, "All of it"),
    )
    assert worse.clocks[ClockName.FIRST_RESPONSE].due_at == MONDAY + 2 * HOUR
    assert worse.clocks[ClockName.NEXT_STEP].due_at == MONDAY + 4 * HOUR
    with pytest.raises(CannotChange):
        write(
            session,
            [],
            lambda s: requests.change_severity(s, MONDAY + 3 * HOUR, settings, vera, number, 2, "Late"),
        )
    session.rollback()
    better = write(
        session,
        [],
        lambda s: requests.change_severity(s, MONDAY + 3 * HOUR, settings, sam, number, 5, "Half of it"),
    )
    assert ClockName.NEXT_STEP not in better.clocks and better.news_due_at is not None


def test_a_solved_request_is_open_again_when_the_customer_writes(
    session: Session, settings: Settings, world: World
) -> None:
    request = opened(session, settings, world)
    number, sam = request.conversation.id, world.sam.user
    solved = write(session, [], lambda s: requests.solve(s, MONDAY + HOUR, settings, sam, number))
    assert solved.state is RequestState.SOLVED and solved.runs_out_at is None
    assert all(clock.met_at == MONDAY + HOUR for clock in solved.clocks.values())
    with pytest.raises(CannotChange):
        write(
            session, [], lambda s: requests.change_severity(s, MONDAY, settings, sam, number, 1, "no reason")
        )
    say(session, settings, MONDAY + 2 * HOUR, request, world.vera)
    assert now_of(session, request).state is RequestState.IN_WORK


def test_an_old_request_keeps_the_policy_it_was_opened_under(
    session: Session, settings: Settings, world: World
) -> None:
    request = opened(session, settings, world, severity=5)
    quicker = replace(
        settings,
        response_times=(*settings.response_times[:4], replace(settings.response_times[0], severity=5)),
    )
    vera, number = world.vera.user, request.conversation.id
    changed = write(
        session,
        [],
        lambda s: requests.change_severity(s, MONDAY + HOUR, quicker, vera, number, 4, "It is a bug"),
    )
    assert changed.clocks[ClockName.FIRST_RESPONSE].due_at == MONDAY + 24 * HOUR
    newer = write(
        session, [], lambda s: requests.open_request(s, MONDAY, quicker, asked(world, 5, key="second"))
    )
    assert newer.clocks[ClockName.FIRST_RESPONSE].due_at == MONDAY + HOUR
    assert newer.policy_id != request.policy_id


def test_conversations_are_seen_by_whom_they_concern_alone(
    session: Session, settings: Settings, world: World
) -> None:
    request = opened(session, settings, world)
    own = write(session, [], lambda s: standing_conversation(s, MONDAY, world.pavel.profile, Channel.CHAT))

    def sees(member: Member, public_id: str) -> bool:
        try:
            queries.find(session, MONDAY, settings, member.user, public_id)
        except NotFound:
            return False
        return True

    names = ("vera", "pavel", "mallory", "otto", "sam", "rita", "lev", "ada")
    seen = {name for name in names if sees(getattr(world, name), request.conversation.public_id)}
    assert seen == {"vera", "sam", "ada"}
    assert {name for name in names if sees(getattr(world, name), own.public_id)} == {"pavel", "sam", "ada"}


def test_messages_are_numbered_without_gaps_and_files_come_back(
    session: Session, settings: Settings, world: World
) -> None:
    own = write(session, [], lambda s: standing_conversation(s, MONDAY, world.vera.profile, Channel.CHAT))
    file = NewFile("log.txt", "text/plain", b"all is well")
    for key in ("a", "b", "a"):
        written = Written(Side.CUSTOMER, Channel.CHAT, key, key, world.vera.id, "Vera", files=(file,))
        write(session, [], lambda s, w=written: write_message(s, MONDAY, settings, own.id, w))  # type: ignore[misc]
    found = queries.messages(session, own.id, for_staff=False)
    assert [(item.number, item.text) for item in found] == [(1, "a"), (2, "b")]
    kept = found[0].files[0]
    assert queries.file_of(session, MONDAY, settings, world.sam.user, kept.public_id)[1] == b"all is well"
    with pytest.raises(NotFound):
        queries.file_of(session, MONDAY, settings, world.rita.user, kept.public_id)


def test_two_writers_at_once_lose_and_double_nothing(
    database_url: str, session: Session, settings: Settings, world: World
) -> None:
    own = write(session, [], lambda s: standing_conversation(s, MONDAY, world.vera.profile, Channel.CHAT))
    engine, start = make_engine(database_url), Barrier(2)

    def work(name: str) -> None:
        with Session(engine) as mine:
            start.wait()
            for count in range(10):
                written = Written(Side.CUSTOMER, Channel.CHAT, "x", f"{name}{count}", world.vera.id, "Vera")
                write(mine, [], lambda s, w=written: write_message(s, MONDAY, settings, own.id, w))  # type: ignore[misc]
                write(mine, [], lambda s, n=count: mark_read(s, own.id, world.sam.id, n))  # type: ignore[misc]

    threads = [Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    found = queries.messages(session, own.id, for_staff=True)
    assert [item.number for item in found] == list(range(1, 21))
