"""A call with a senior takes the time of both, or of neither."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.availability.errors import SlotRefused, SlotTaken
from app.availability.models import Reservation
from app.availability.service_reservations import reserve
from app.availability.slots import Reason
from app.booking.errors import CannotChange, NoSenior
from app.booking.models import Booking, BookingCopy, CallType, Hold
from app.calendars.models import CalendarAccount
from app.customers.models import Assignment
from app.lib.db import write
from app.lib.intervals import Interval
from app.verify.service import verify
from tests.booking.core.desk import NOW, TUESDAY, Desk
from tests.support.databases import make_engine

HOUR = timedelta(hours=1)
HALF = timedelta(minutes=30)
Reserved = Callable[[], dict[str, list[Interval]]]


def take_lev(desk: Desk, span: Interval) -> None:
    lev = desk.world.lev.id
    write(
        desk.session,
        [lev],
        lambda s: reserve(s, NOW, lev, span, kind="hold", expires_at=NOW + timedelta(days=9)),
    )


def span_of(start: object) -> list[Interval]:
    return [Interval(start, start + HALF)]  # type: ignore[arg-type, operator]


@pytest.mark.postgres
def test_a_call_with_a_senior_reserves_both(desk: Desk, reserved: Reserved) -> None:
    call = desk.book(desk.world.vera, senior="1")
    assert [person.name for person in call.people] == ["Sam Horvath", "Lev Orlov"]
    assert reserved() == {"sam": span_of(TUESDAY), "lev": span_of(TUESDAY)}
    copy = desk.session.scalars(select(BookingCopy)).one()
    assert copy.href.endswith(f"/{call.uid}.ics") and copy.person_id == desk.world.lev.id


@pytest.mark.postgres
def test_when_the_database_refuses_one_neither_is_taken(
    desk: Desk, reserved: Reserved, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_lev(desk, Interval(TUESDAY, TUESDAY + HALF))
    # Only the constraint is left to say no: the look before it sees nothing.
    monkeypatch.setattr("app.booking.taking.service.require_open", lambda *_: None)
    with pytest.raises(SlotTaken):
        desk.book(desk.world.vera, senior="1")
    assert "sam" not in reserved()
    assert desk.session.execute(select(func.count(Booking.id))).scalar_one() == 0


@pytest.mark.postgres
def test_of_two_calls_that_share_only_the_senior_one_wins(
    desk: Desk, reserved: Reserved, database_url: str
) -> None:
    engine = make_engine(database_url)
    desk.session.rollback()

    def attempt(number: int) -> str:
        # Vera is served by Sam, Mallory by Rita; both want Lev.
        member = desk.world.mallory if number % 2 else desk.world.vera
        with Session(engine) as session:
            other = Desk(session, desk.settings, desk.world)
            try:
                return other.book(member, key=f"key-{number}", senior="1").public_id
            except Exception as error:
                return type(error).__name__

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(8)))
    engine.dispose()
    won = [answer for answer in answers if answer not in {"SlotTaken", "AlreadyYours"}]
    assert len(won) == 1, answers
    taken = reserved()
    assert taken.pop("lev") == span_of(TUESDAY) and len(taken) == 1


def test_times_are_those_in_which_both_are_free(desk: Desk) -> None:
    alone = desk.open_starts(desk.world.vera)
    assert desk.open_starts(desk.world.vera, senior="1") == alone
    take_lev(desk, Interval(TUESDAY, TUESDAY + HOUR))
    both = desk.open_starts(desk.world.vera, senior="1")
    assert set(alone) - set(both) == {TUESDAY, TUESDAY + HALF}
    with pytest.raises(SlotTaken):
        desk.book(desk.world.vera, senior="1")


def test_a_hold_keeps_both_and_is_given_up_for_both(desk: Desk, reserved: Reserved) -> None:
    held = desk.hold(desk.world.vera, TUESDAY, senior="1")
    assert held.senior is not None and held.senior.name == "Lev Orlov"
    assert reserved() == {"sam": span_of(TUESDAY), "lev": span_of(TUESDAY)}
    # The asker's own hold closes nothing for them, for either of the two.
    assert TUESDAY in desk.open_starts(desk.world.vera, senior="1")
    desk.hold(desk.world.vera, TUESDAY + HOUR)
    assert reserved() == {"sam": span_of(TUESDAY + HOUR)}


def test_a_held_time_is_booked_with_both(desk: Desk, reserved: Reserved) -> None:
    held = desk.hold(desk.world.vera, TUESDAY, senior="1")
    desk.book(desk.world.vera, hold=held.public_id, senior=held.senior.public_id)  # type: ignore[union-attr]
    assert reserved() == {"sam": span_of(TUESDAY), "lev": span_of(TUESDAY)}
    assert desk.session.scalars(select(Hold)).all() == []


def test_an_expired_hold_of_both_stands_in_nobodys_way(desk: Desk, reserved: Reserved) -> None:
    desk.hold(desk.world.vera, TUESDAY, senior="1")
    desk.now += timedelta(minutes=5)
    desk.book(desk.world.mallory, senior="1")
    assert reserved()["lev"] == span_of(TUESDAY)


def test_a_move_has_both_times_of_both_and_given_up_only_the_old(desk: Desk, reserved: Reserved) -> None:
    call, later = desk.book(desk.world.vera, senior="1"), TUESDAY + 2 * HOUR
    desk.move(desk.world.vera.user, call, later)
    both = [*span_of(TUESDAY), *span_of(later)]
    assert reserved() == {"sam": both, "lev": both}
    desk.move(desk.world.vera.user, call, TUESDAY)
    assert reserved() == {"sam": span_of(TUESDAY), "lev": span_of(TUESDAY)}


def test_a_cancelled_call_frees_both(desk: Desk, reserved: Reserved) -> None:
    desk.cancel(desk.world.vera.user, desk.book(desk.world.vera, senior="1"))
    assert reserved() == {}


def test_a_senior_is_brought_into_a_call_and_taken_off_again(desk: Desk, reserved: Reserved) -> None:
    call = desk.book(desk.world.vera)
    added = desk.add_senior(desk.world.sam.user, call)
    assert added.senior is not None and added.sequence == 1
    assert desk.add_senior(desk.world.sam.user, call).sequence == 1
    assert reserved() == {"sam": span_of(TUESDAY), "lev": span_of(TUESDAY)}
    removed = desk.remove_senior(desk.world.sam.user, call)
    assert removed.senior is None and removed.sequence == 2
    assert reserved() == {"sam": span_of(TUESDAY)}


def test_a_senior_is_not_brought_in_when_they_are_not_free(desk: Desk, reserved: Reserved) -> None:
    call = desk.book(desk.world.vera)
    take_lev(desk, Interval(TUESDAY, TUESDAY + HALF))
    with pytest.raises(SlotTaken):
        desk.add_senior(desk.world.vera.user, call)
    assert reserved()["sam"] == span_of(TUESDAY)


def test_a_senior_who_comes_along_with_a_move_goes_with_it(desk: Desk, reserved: Reserved) -> None:
    call, later = desk.book(desk.world.vera), TUESDAY + 2 * HOUR
    take_lev(desk, Interval(TUESDAY, TUESDAY + HALF))
    held = desk.hold(desk.world.vera, later, call.public_id, senior="1")
    moving = desk.move(desk.world.vera.user, call, later, senior=held.senior.public_id)  # type: ignore[union-attr]
    assert moving.senior is not None
    assert reserved()["sam"] == [*span_of(TUESDAY), *span_of(later)]
    assert reserved()["lev"][1:] == span_of(later)
    given_up = desk.move(desk.world.vera.user, call, TUESDAY)
    assert given_up.senior is None and reserved()["sam"] == span_of(TUESDAY)
    assert reserved()["lev"] == span_of(TUESDAY)


def test_a_senior_sees_the_call_and_changes_nothing_but_their_own_part(desk: Desk) -> None:
    lev, call = desk.world.lev.user, desk.book(desk.world.vera, senior="1")
    for attempt in (
        lambda: desk.move(lev, call, TUESDAY + HOUR),
        lambda: desk.cancel(lev, call),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(CannotChange):
        desk.hold(desk.world.lev, TUESDAY + HOUR, call.public_id)
    assert desk.remove_senior(lev, call).senior is None
    with pytest.raises(NotFound):
        desk.remove_senior(lev, call)


def test_contacts_do_not_take_a_senior_off_and_strangers_find_nothing(desk: Desk) -> None:
    call = desk.book(desk.world.vera, senior="1")
    with pytest.raises(CannotChange):
        desk.remove_senior(desk.world.vera.user, call)
    for stranger in (desk.world.pavel.user, desk.world.rita.user):
        with pytest.raises(NotFound):
            desk.add_senior(stranger, call)


def test_a_senior_whose_calendar_is_not_in_step_cannot_be_brought_in(desk: Desk) -> None:
    old = NOW - timedelta(days=1)
    account = update(CalendarAccount).where(CalendarAccount.person_id == desk.world.lev.id)
    desk.session.execute(account.values(in_step_at=old))
    desk.session.commit()
    with pytest.raises(NoSenior):
        desk.book(desk.world.vera, senior="1")
    assert desk.book(desk.world.vera).senior is None


def test_a_senior_away_all_day_closes_the_day_for_both(desk: Desk) -> None:
    take_lev(desk, Interval(TUESDAY - timedelta(hours=9), TUESDAY + timedelta(hours=12)))
    assert all(start.date() != TUESDAY.date() for start in desk.open_starts(desk.world.vera, senior="1"))
    with pytest.raises((SlotTaken, SlotRefused)):
        desk.hold(desk.world.vera, TUESDAY, senior="1")


def test_verify_finds_a_senior_whose_time_is_not_reserved(desk: Desk) -> None:
    desk.book(desk.world.vera, senior="1")
    assert not [line for line in verify(desk.session, NOW, desk.settings) if line.startswith("V1")]
    desk.session.rollback()
    desk.session.execute(delete(Reservation).where(Reservation.person_id == desk.world.lev.id))
    desk.session.commit()
    assert [line for line in verify(desk.session, NOW, desk.settings) if line.startswith("V1")]


@pytest.mark.postgres
def test_caps_count_the_calls_of_their_specialist_not_those_that_they_join(desk: Desk) -> None:
    # Lev serves Lynx himself, and is brought into Sam's calls.
    desk.session.execute(update(Assignment).values(specialist_id=desk.world.lev.id))
    desk.session.execute(
        update(Assignment)
        .where(Assignment.company_id == desk.world.vera.profile.company_id)
        .values(specialist_id=desk.world.sam.id)
    )
    desk.session.execute(update(CallType).values(daily_cap=1, weekly_cap=1))
    desk.session.commit()
    desk.book(desk.world.vera, senior="1")
    assert TUESDAY not in desk.open_starts(desk.world.mallory)
    own = desk.book(desk.world.mallory, TUESDAY + HOUR)
    assert own.specialist.user_id == desk.world.lev.id
    with pytest.raises(SlotRefused) as refused:
        desk.book(desk.world.mallory, TUESDAY + 2 * HOUR)
    assert refused.value.reason is Reason.CAP
