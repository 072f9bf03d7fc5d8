"""Who has a time: the constraint, the holds and the moves, on both databases."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability.errors import SlotTaken
from app.availability.models import Reservation
from app.availability.service import promote, release, reserve
from app.lib.db import write
from app.lib.intervals import Interval
from tests.calendars.world import add_sam
from tests.support.databases import make_engine

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HALF = timedelta(minutes=30)
SLOT = Interval(START, START + HALF)
FIVE = timedelta(minutes=5)

pytestmark = pytest.mark.postgres


@pytest.fixture
def sam(session: Session) -> int:
    return add_sam(session).id


def hold(
    session: Session, person: int, span: Interval, until: datetime = NOW + FIVE, now: datetime = NOW
) -> int:
    return write(session, [person], lambda s: reserve(s, now, person, span, kind="hold", expires_at=until))


def spans(session: Session) -> list[tuple[str, Interval]]:
    rows = session.execute(select(Reservation.kind, Reservation.starts_at, Reservation.ends_at))
    return sorted((kind, Interval(start, end)) for kind, start, end in rows)


def test_a_taken_time_cannot_be_taken_again(session: Session, sam: int) -> None:
    hold(session, sam, SLOT)
    with pytest.raises(SlotTaken):
        hold(session, sam, Interval(START + HALF / 2, START + 2 * HALF))
    assert len(spans(session)) == 1


def test_touching_times_can_both_be_taken(session: Session, sam: int) -> None:
    hold(session, sam, SLOT)
    hold(session, sam, Interval(SLOT.end, SLOT.end + HALF))
    assert len(spans(session)) == 2


def test_an_expired_hold_gives_way_and_a_living_one_does_not(session: Session, sam: int) -> None:
    hold(session, sam, SLOT, until=NOW + FIVE)
    with pytest.raises(SlotTaken):
        hold(session, sam, SLOT, now=NOW + FIVE - timedelta(seconds=1))
    hold(session, sam, SLOT, now=NOW + FIVE, until=NOW + 2 * FIVE)
    assert len(spans(session)) == 1


def test_a_hold_that_is_gone_cannot_become_a_booking(session: Session, sam: int) -> None:
    kept = hold(session, sam, SLOT)
    assert not write(session, [sam], lambda s: promote(s, NOW + FIVE, kept, booking_id=1))


def test_a_released_time_is_free_again(session: Session, sam: int) -> None:
    kept = hold(session, sam, SLOT)
    write(session, [sam], lambda s: release(s, [kept]))
    hold(session, sam, SLOT)


def test_of_many_who_want_one_time_exactly_one_gets_it(database_url: str, session: Session, sam: int) -> None:
    session.rollback()
    count, taken, others = 20, [], []
    engine = make_engine(database_url)
    start = threading.Barrier(count)

    def attempt(number: int) -> None:
        with Session(engine) as own:
            start.wait()
            try:
                # Overlapping, not equal: the constraint is on intervals.
                hold(own, sam, Interval(START + timedelta(minutes=number), START + HALF))
                taken.append(number)
            except SlotTaken:
                others.append(number)

    run_all(attempt, count)
    engine.dispose()
    assert (len(taken), len(others)) == (1, count - 1)
    assert len(spans(session)) == 1


def run_all(work: Callable[[int], None], count: int) -> None:
    """Run the work in that many threads at once."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
