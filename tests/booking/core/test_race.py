"""Many at once, each with a connection of its own: one wins, the others are told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.availability.errors import SlotTaken
from app.availability.models import Reservation
from app.booking.errors import AlreadyYours
from app.booking.models import Booking
from tests.booking.core.desk import TUESDAY, Desk
from tests.support.databases import make_engine
from tests.world import Member

CROWD = 16


@pytest.mark.postgres
def test_of_many_at_once_one_gets_the_slot(desk: Desk, database_url: str) -> None:
    engine = make_engine(database_url)
    desk.session.rollback()

    def attempt(number: int) -> str:
        member: Member = desk.world.vera if number % 2 else desk.world.pavel
        with Session(engine) as session:
            try:
                return Desk(session, desk.settings, desk.world).book(member, key=f"key-{number}").public_id
            except (AlreadyYours, SlotTaken):
                return ""

    with ThreadPoolExecutor(CROWD) as pool:
        won = [answer for answer in pool.map(attempt, range(CROWD)) if answer]
    engine.dispose()
    assert len(won) == 1
    assert desk.session.execute(select(func.count(Booking.id))).scalar_one() == 1
    assert desk.session.execute(select(func.count(Reservation.id))).scalar_one() == 1


@pytest.mark.postgres
def test_one_key_sent_many_times_is_one_booking(desk: Desk, database_url: str) -> None:
    engine = make_engine(database_url)
    desk.session.rollback()

    def attempt(_: int) -> str:
        with Session(engine) as session:
            return (
                Desk(session, desk.settings, desk.world).book(desk.world.vera, TUESDAY, key="one").public_id
            )

    with ThreadPoolExecutor(CROWD) as pool:
        answers = set(pool.map(attempt, range(CROWD)))
    engine.dispose()
    assert len(answers) == 1
