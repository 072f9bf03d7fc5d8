"""The demo's requests: every severity, every state, and each state of a clock, whenever it is made."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.demo.requests import REQUESTS
from app.demo.service_requests import make_requests
from app.desk.callbacks.models import Callback
from app.desk.models import Conversation, Message, MessageFile
from app.desk.requests.queries import requests
from app.desk.requests.values import ClockName, RequestState, RequestValue
from app.lib.db import write
from tests.world import build_world

TIMES = (
    datetime(2026, 11, 30, 9, 0, tzinfo=UTC),  # a Monday morning
    datetime(2026, 11, 27, 20, 0, tzinfo=UTC),  # a Friday evening
    datetime(2026, 11, 29, 3, 0, tzinfo=UTC),  # a Sunday night
)


def made(session: Session, settings: Settings, now: datetime) -> list[RequestValue]:
    write(session, [], lambda s: make_requests(s, now, settings))
    return requests(session)


@pytest.mark.parametrize("now", TIMES)
def test_there_is_one_of_everything(session: Session, settings: Settings, now: datetime) -> None:
    build_world(session, now)
    found = made(session, settings, now)
    assert {item.severity for item in found} == {1, 2, 3, 4, 5}
    assert {item.state for item in found} == set(RequestState)
    firsts = [item.clocks[ClockName.FIRST_RESPONSE] for item in found]
    waiting = [clock for clock in firsts if clock.met_at is None]
    assert any(clock.is_late(now) for clock in waiting), "one is overdue"
    assert any(not clock.is_late(now) for clock in waiting), "one runs"
    assert any(clock.met_at and not clock.is_late(now) for clock in firsts), "one was kept"
    assert any(item.news_due_at for item in found), "one is tracked"
    assert session.scalar(select(func.count()).select_from(MessageFile)) == 2
    assert session.scalar(select(func.count()).where(Message.is_internal, Message.happening == "")) == 1
    # A chat of Vera's, and where Pavel's callback stands.
    assert session.scalar(select(func.count()).where(Conversation.is_standing)) == 2
    late = session.scalars(select(Callback.due_at <= now).order_by(Callback.id)).all()
    assert list(late) == [True, False]


def test_it_is_made_once_and_beside_nothing_of_anybody(session: Session, settings: Settings) -> None:
    build_world(session, TIMES[0])
    assert len(made(session, settings, TIMES[0])) == len(made(session, settings, TIMES[1])) == len(REQUESTS)


def test_without_the_cast_nothing_is_made(session: Session, settings: Settings) -> None:
    assert made(session, settings, TIMES[0]) == []
