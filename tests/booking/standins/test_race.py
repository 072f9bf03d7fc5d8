"""Time off that arrives while a call is being booked, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking import service
from app.booking.models import Booking
from app.booking.standins.service import count_undecided
from app.booking.values import BookingRequest
from app.customers.models import TimeOff
from app.lib.db import write
from tests.booking.core.desk import NOW, Desk
from tests.booking.standins.away import FIRST, stands_in
from tests.support.databases import make_engine

ROUNDS = 6


@pytest.mark.postgres
def test_a_call_with_whoever_is_away_was_booked_before_that_was_known_and_is_to_be_decided(
    desk: Desk, database_url: str
) -> None:
    world, settings, engine = desk.world, desk.settings, make_engine(database_url)
    stands_in(desk.session, world.rita, world.sam)
    start = datetime.combine(FIRST, datetime.min.time(), UTC).replace(hour=9)
    for number in range(ROUNDS):
        together, order = Barrier(2), list[str]()

        def booking(together: Barrier = together, key: str = f"race-{number}") -> int:
            with Session(engine) as session:
                there = Desk(session, settings, world)
                people = service.people_to_lock(session, NOW, world.vera.id)
                request = there.request(start, key=key)
                together.wait()
                return write(session, people, lambda s: work(s, request))

        def work(session: Session, request: BookingRequest, order: list[str] = order) -> int:
            # Both hold the lock of whoever is away until they have committed.
            order.append("booked")
            return service.book(session, NOW, settings, world.vera.id, request).specialist.user_id

        def leaving(together: Barrier = together, order: list[str] = order) -> None:
            """As the pass over time off writes it down, under the lock of whoever is away."""
            row = TimeOff(
                specialist_id=world.sam.id, uid="leave", first_day=FIRST, last_day=FIRST, noticed_at=NOW
            )
            with Session(engine) as session:
                together.wait()
                write(session, [world.sam.id], lambda s: (order.append("left"), s.add(row)))

        with ThreadPoolExecutor(2) as pool:
            booked, left = pool.submit(booking), pool.submit(leaving)
            taken_by, _ = booked.result(), left.result()
        waits = count_undecided(desk.session, NOW, settings, world.sam.id)
        expected = (world.sam.id, 1) if order[0] == "booked" else (world.rita.id, 0)
        assert (taken_by, waits) == expected, order
        desk.session.rollback()
        for row in desk.session.scalars(select(Booking)):
            desk.cancel(world.vera.user, service.call_of(desk.session, world.vera.user, row.public_id))
        desk.session.execute(TimeOff.__table__.delete())
        desk.session.commit()
    engine.dispose()
