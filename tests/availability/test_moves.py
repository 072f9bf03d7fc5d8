"""A booking that is being moved keeps its old time until the new one is settled."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability.errors import SlotTaken
from app.availability.models import Reservation
from app.availability.service import promote, release, reserve, reserve_move, settle
from app.booking.models import Booking, CallType
from app.lib.db import write
from app.lib.intervals import Interval
from tests.availability.replica import NOW, at, span
from tests.world import World, build_world

pytestmark = pytest.mark.postgres

OLD, NEW = Interval(at(25, 14), at(25, 14, 30)), span(25, 16, 17)
NEAR = Interval(at(25, 14, 15), at(25, 14, 45))
HULL = Interval(at(25, 14), at(25, 14, 45))


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, NOW)


@pytest.fixture
def sam(world: World) -> int:
    return world.sam.id


@pytest.fixture
def booking(session: Session, world: World) -> int:
    """A booking of Vera's with Sam, at its old time."""
    row = Booking(
        public_id="b",
        reference="A1A-222",
        company_id=world.vera.profile.company_id,
        contact_id=world.vera.id,
        specialist_id=world.sam.id,
        call_type_id=session.scalars(select(CallType.id)).first(),
        status="confirmed",
        starts_at=OLD.start,
        ends_at=OLD.end,
        rules={},
        uid="attache-b",
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(row)
    session.commit()
    booking_id = row.id
    until = NOW + timedelta(minutes=5)

    def book(s: Session) -> bool:
        hold = reserve(s, NOW, world.sam.id, OLD, kind="hold", expires_at=until)
        return promote(s, NOW, hold, booking_id=booking_id)

    assert write(session, [world.sam.id], book)
    return booking_id


def taken(session: Session) -> list[Interval]:
    rows = session.execute(
        select(Reservation.starts_at, Reservation.ends_at).order_by(Reservation.starts_at)
    ).all()
    session.rollback()
    return [Interval(start, end) for start, end in rows]


def move(session: Session, sam: int, booking: int, to: Interval) -> None:
    write(session, [sam], lambda s: reserve_move(s, NOW, sam, to, booking_id=booking))


def test_both_times_are_kept_while_the_move_waits(session: Session, sam: int, booking: int) -> None:
    move(session, sam, booking, NEW)
    assert taken(session) == [OLD, NEW]


def test_times_that_overlap_are_kept_as_one(session: Session, sam: int, booking: int) -> None:
    move(session, sam, booking, NEAR)
    assert taken(session) == [HULL]


@pytest.mark.parametrize("to", [NEW, NEAR], ids=["apart", "overlapping"])
@pytest.mark.parametrize("kept", ["old", "new"])
def test_one_time_is_left_when_the_move_is_settled(
    session: Session, sam: int, booking: int, to: Interval, kept: str
) -> None:
    move(session, sam, booking, to)
    wanted = OLD if kept == "old" else to
    write(session, [sam], lambda s: settle(s, sam, wanted, booking_id=booking))
    assert taken(session) == [wanted]


def test_a_move_to_a_taken_time_is_refused_and_keeps_the_old_one(
    session: Session, sam: int, booking: int
) -> None:
    until: datetime = NOW + timedelta(minutes=5)
    write(session, [sam], lambda s: reserve(s, NOW, sam, NEW, kind="hold", expires_at=until))
    with pytest.raises(SlotTaken):
        move(session, sam, booking, NEW)
    assert taken(session) == [OLD, NEW]


def test_a_cancelled_booking_frees_all_its_times(session: Session, sam: int, booking: int) -> None:
    move(session, sam, booking, NEW)
    write(session, [sam], lambda s: release(s, booking_id=booking))
    assert taken(session) == []
