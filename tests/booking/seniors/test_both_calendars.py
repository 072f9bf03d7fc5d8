"""Confirmed means that both calendars have the event; and both follow what becomes of the call."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.lib.intervals import Interval
from tests.booking.core.office import two_starts
from tests.booking.core.test_kills import write_killed
from tests.booking.seniors.pair import LEVS, Pair


def test_a_call_with_a_senior_is_confirmed_when_both_calendars_have_it(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.book(pair.world.vera, start, senior="1")
    assert call.status == "pending" and pair.times() == {"sam": [], "lev": []}
    pair.work(call)
    assert pair.now_of(call).status == "confirmed"
    assert pair.times() == {"sam": [start], "lev": [start]}
    (sams,), (levs,) = pair.events(), pair.levs_events()
    assert sams["UID"] == levs["UID"]
    assert "Sam Horvath and Lev Orlov" in sams["DESCRIPTION"]
    # In his own language.
    assert "Vera Lindqvist" in levs["DESCRIPTION"] and "Lev Orlov" in levs["DESCRIPTION"]
    ((key, mail),) = pair.mails()
    assert key.startswith(f"0:invitation:{pair.world.vera.id}")
    assert "Sam Horvath and Lev Orlov" in mail["Subject"]
    assert pair.wrong() == []


def test_a_senior_whose_calendar_filled_up_meanwhile_ends_in_a_declined_call(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.book(pair.world.vera, start, senior="1")
    pair.appoint_lev(Interval(start, start + timedelta(hours=1)))
    pair.work(call)
    assert pair.now_of(call).status == "declined" and pair.reserved() == []
    assert pair.events() == [] and [str(event["UID"]) for event in pair.levs_events()] == ["doctor"]
    assert pair.kinds() == ["clash_declined vera"]
    assert pair.wrong() == []


def test_the_copy_in_the_seniors_calendar_does_not_stand_in_the_calls_own_way(pair: Pair) -> None:
    start, later = two_starts(pair)
    call = pair.book(pair.world.vera, start, senior="1")
    pair.work(call)
    pair.sync_lev()
    assert start not in pair.open_starts(pair.world.vera, senior="1")
    near = start + timedelta(minutes=30)
    pair.move(pair.world.vera.user, call, near)
    pair.work(call)
    assert pair.times() == {"sam": [near], "lev": [near]} and pair.now_of(call).status == "confirmed"
    assert later > near


def test_a_move_is_written_into_both_and_frees_both_old_times(pair: Pair) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.move(pair.world.vera.user, call, later)
    pair.work(call)
    assert (pair.now_of(call).start, pair.times()) == (later, {"sam": [later], "lev": [later]})
    assert pair.reserved() == [call.rules.taken_by(later)] * 2 and pair.kinds() == ["updated vera"]
    assert pair.wrong() == []


def test_a_move_to_where_the_senior_is_not_free_is_given_up_for_both(pair: Pair) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.move(pair.world.vera.user, call, later)
    pair.appoint_lev(Interval(later, later + timedelta(hours=1)))
    pair.work(call)
    found = pair.now_of(call)
    assert (found.start, found.status, found.move) == (start, "confirmed", None)
    assert pair.events()[0].start == start and pair.kinds() == ["not_moved vera"]
    assert pair.reserved() == [call.rules.taken_by(start)] * 2
    assert pair.wrong() == []


def test_a_cancelled_call_goes_out_of_both(pair: Pair) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    pair.cancel(pair.world.vera.user, call)
    pair.work(call)
    assert pair.times() == {"sam": [], "lev": []} and pair.reserved() == []
    assert pair.wrong() == []


def test_a_senior_joins_a_confirmed_call_when_their_calendar_has_it(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.booked(start)
    pair.add_senior(pair.world.sam.user, call)
    assert pair.kinds() == []
    pair.work(call)
    assert pair.times() == {"sam": [start], "lev": [start]}
    assert pair.kinds() == ["senior_joined vera"]
    assert "Lev Orlov" in pair.events()[0]["DESCRIPTION"] and pair.wrong() == []


def test_a_senior_who_turns_out_not_to_be_free_is_off_the_call_which_stays(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.booked(start)
    pair.add_senior(pair.world.vera.user, call)
    pair.appoint_lev(Interval(start, start + timedelta(hours=1)))
    pair.work(call)
    found = pair.now_of(call)
    assert (found.status, found.senior, found.start) == ("confirmed", None, start)
    assert sorted(pair.kinds()) == ["senior_gone sam", "senior_gone vera"]
    assert [str(event["UID"]) for event in pair.levs_events()] == ["doctor"]
    assert pair.reserved() == [call.rules.taken_by(start)] and pair.wrong() == []


@pytest.mark.parametrize("by", ["sam", "ada", "lev"])
def test_who_is_taken_off_loses_the_event_and_the_call_stays(pair: Pair, by: str) -> None:
    start, _ = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.remove_senior(getattr(pair.world, by).user, call)
    pair.work(call)
    assert pair.times() == {"sam": [start], "lev": []}
    told = ["senior_gone vera"] if by != "lev" else ["senior_gone sam", "senior_gone vera"]
    assert sorted(pair.kinds()) == told
    assert "Lev" not in pair.events()[0]["DESCRIPTION"] and pair.wrong() == []


def test_a_senior_taken_off_and_brought_in_again_has_the_event(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.remove_senior(pair.world.sam.user, call)
    pair.add_senior(pair.world.sam.user, call)
    pair.work(call)
    assert pair.times() == {"sam": [start], "lev": [start]} and pair.wrong() == []


def test_a_dead_senior_calendar_leaves_the_booking_pending_with_its_trouble(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.book(pair.world.vera, start, senior="1")
    calendar = pair.radicale.get(f"{LEVS.replace('work', 'hours')}hours.ics")
    pair.radicale.delete(LEVS)
    assert pair.write(call) is not None
    found = pair.now_of(call)
    assert found.status == "pending" and found.calendar_trouble and "VEVENT" in calendar
    assert pair.events() == [] and pair.mails() == []


POINTS = ["looked", "put_done", "copy_put", "looked_again", "confirming", "confirmed"]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_writing_ends_in_one_event_each_and_one_invitation(
    pair: Pair, database_url: str, point: str
) -> None:
    start, _ = two_starts(pair)
    call = pair.book(pair.world.vera, start, senior="1")
    write_killed(pair, database_url, call, point)
    assert (pair.now_of(call).status == "confirmed") is (point == "confirmed")
    pair.work(call)
    assert pair.now_of(call).status == "confirmed" and pair.times() == {"sam": [start], "lev": [start]}
    assert pair.kinds() == ["invitation vera"] and pair.wrong() == []


@pytest.mark.parametrize("point", ["removed", "copy_removed"])
def test_a_killed_cancel_ends_without_events(pair: Pair, database_url: str, point: str) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    pair.cancel(pair.world.vera.user, call)
    write_killed(pair, database_url, call, point)
    pair.work(call)
    assert pair.times() == {"sam": [], "lev": []} and pair.wrong() == []


@pytest.mark.parametrize("point", ["copy_put", "looked_again"])
def test_a_killed_move_ends_at_the_new_time_in_both(pair: Pair, database_url: str, point: str) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.move(pair.world.vera.user, call, later)
    write_killed(pair, database_url, call, point)
    pair.work(call)
    assert pair.times() == {"sam": [later], "lev": [later]} and pair.kinds() == ["updated vera"]
    assert isinstance(pair.now_of(call).start, datetime) and pair.wrong() == []


def test_verify_knows_the_events_of_seniors(pair: Pair) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    pair.sync_lev()
    text = pair.radicale.get(pair.levs_path(call))
    pair.radicale.delete(pair.levs_path(call))
    pair.sync_lev()
    assert [line for line in pair.wrong() if "calendar of its senior" in line]
    pair.radicale.put(pair.levs_path(call), text)
    pair.sync_lev()
    assert pair.wrong() == []


@pytest.fixture
def busy_at_the_last_moment(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Lev makes an appointment of his own between our write and the second look."""

    def at(start: datetime) -> None:
        def reached(point: str) -> None:
            if point == "copy_put" and not pair.radicale.paths(LEVS).count(f"{LEVS}doctor.ics"):
                pair.appoint_lev(Interval(start, start + timedelta(hours=1)))

        monkeypatch.setattr("app.booking.writing.jobs_copy.reached", reached)

    return at


def test_an_appointment_between_write_and_second_look_takes_both_events_out_again(
    pair: Pair, busy_at_the_last_moment: Callable[[datetime], None]
) -> None:
    start, _ = two_starts(pair)
    call = pair.book(pair.world.vera, start, senior="1")
    busy_at_the_last_moment(start)
    pair.work(call)
    assert pair.now_of(call).status == "declined" and pair.events() == []
    assert [str(event["UID"]) for event in pair.levs_events()] == ["doctor"]
    assert pair.kinds() == ["clash_declined vera"] and pair.reserved() == [] and pair.wrong() == []


def test_an_appointment_in_the_way_of_a_move_leaves_both_events_at_the_old_time(
    pair: Pair, busy_at_the_last_moment: Callable[[datetime], None]
) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.move(pair.world.vera.user, call, later)
    busy_at_the_last_moment(later)
    pair.work(call)
    assert pair.now_of(call).start == start and pair.events()[0].start == start
    assert sorted(event.start for event in pair.levs_events()) == [start, later]
    assert pair.kinds() == ["not_moved vera"] and pair.wrong() == []


@pytest.mark.parametrize("is_free", [True, False])
def test_a_senior_who_comes_along_with_a_move_stays_when_it_arrives(pair: Pair, is_free: bool) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start)
    pair.move(pair.world.vera.user, call, later, senior="1")
    if not is_free:
        pair.appoint_lev(Interval(later, later + timedelta(hours=1)))
    pair.work(call)
    found = pair.now_of(call)
    assert (found.start, found.senior is not None) == ((later, True) if is_free else (start, False))
    assert pair.kinds() == (["updated vera"] if is_free else ["not_moved vera"])
    assert len(pair.levs_events()) == 1 and len(pair.reserved()) == (2 if is_free else 1)
    assert pair.wrong() == []
