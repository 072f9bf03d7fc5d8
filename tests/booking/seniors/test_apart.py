"""One calendar that is away holds up nothing that can be done without it."""

from datetime import timedelta

from sqlalchemy import update

from app.booking.values import CallValue
from app.calendars.models import CalendarAccount
from tests.booking.core.office import two_starts
from tests.booking.seniors.pair import Pair

TWO_HOURS = timedelta(hours=2)


def cut_off(pair: Pair, person_id: int) -> None:
    """This person's server answers no more."""
    theirs = CalendarAccount.person_id == person_id
    pair.session.execute(update(CalendarAccount).where(theirs).values(url="http://127.0.0.1:1/"))
    pair.session.commit()


def clashing(pair: Pair) -> CallValue:
    """A call with Lev that Sam made too long, and shortened again."""
    call = pair.booked(two_starts(pair)[0], senior="1")
    pair.drag(call, call.start, TWO_HOURS)
    pair.look()
    assert pair.now_of(call).status == "clash"
    long, short = (f"{call.start + length:%Y%m%dT%H%M%SZ}" for length in (TWO_HOURS, call.length))
    pair.edit(call, lambda text: text.replace(long, short))
    return call


def test_a_clash_is_over_whatever_becomes_of_the_event_in_the_seniors_calendar(pair: Pair) -> None:
    call = clashing(pair)
    pair.remove_senior(pair.world.sam.user, call)
    cut_off(pair, pair.world.lev.id)
    assert pair.write(call) is not None
    found = pair.now_of(call)
    assert found.status == "confirmed" and found.calendar_trouble
    assert len(pair.levs_events()) == 1


def test_who_was_taken_off_loses_the_event_while_the_specialists_calendar_is_away(pair: Pair) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    pair.remove_senior(pair.world.sam.user, call)
    cut_off(pair, pair.world.sam.id)
    assert pair.write(call) is not None
    assert pair.levs_events() == [] and pair.now_of(call).calendar_trouble


def test_who_was_taken_off_loses_the_event_while_a_move_waits_for_the_specialists_calendar(
    pair: Pair,
) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.remove_senior(pair.world.sam.user, call)
    pair.move(pair.world.vera.user, call, later)
    cut_off(pair, pair.world.sam.id)
    assert pair.write(call) is not None
    assert pair.levs_events() == []
    found = pair.now_of(call)
    assert found.move is not None and found.calendar_trouble


def test_who_takes_part_keeps_the_event_at_the_old_time_until_a_move_is_made(pair: Pair) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.move(pair.world.vera.user, call, later)
    cut_off(pair, pair.world.sam.id)
    assert pair.write(call) is not None
    assert [event.start for event in pair.levs_events()] == [start]


def test_a_cancelled_call_goes_out_of_one_calendar_while_the_other_is_away(pair: Pair) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    pair.cancel(pair.world.vera.user, call)
    cut_off(pair, pair.world.lev.id)
    assert pair.write(call) is not None
    assert pair.events() == [] and len(pair.levs_events()) == 1
