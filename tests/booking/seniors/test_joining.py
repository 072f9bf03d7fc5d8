"""Whoever is brought into a call that stands has joined it when its guests were told so, and only then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import icalendar
import pytest
from sqlalchemy import select, update

from app.booking.models import BookingCopy
from app.booking.values import CallValue
from app.calendars.models import CalendarAccount
from app.lib.intervals import Interval
from tests.booking.core.office import two_starts
from tests.booking.seniors.pair import LEVS, Pair

HOUR = timedelta(hours=1)
Then = Callable[[str, Callable[[], object]], None]


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> Then:
    """Something that happens once when the writing has reached a point."""

    def at(wanted: str, what: Callable[[], object]) -> None:
        waiting = [what]

        def reached(point: str) -> None:
            if point == wanted and waiting:
                waiting.pop()()

        for module in ("jobs", "jobs_copy"):
            monkeypatch.setattr(f"app.booking.writing.{module}.reached", reached)

    return at


def copy_of(pair: Pair) -> BookingCopy:
    pair.session.rollback()
    return pair.session.scalars(select(BookingCopy)).one()


def invited(mail: EmailMessage) -> icalendar.Event:
    """The event of an invitation."""
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (event,) = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return event


def moving(pair: Pair) -> tuple[CallValue, datetime, datetime]:
    """A confirmed call on its way to another time, into which Lev is brought meanwhile."""
    start, later = two_starts(pair)
    call = pair.booked(start)
    pair.move(pair.world.vera.user, call, later)
    pair.add_senior(pair.world.sam.user, call)
    return call, start, later


def test_one_who_is_brought_in_while_a_move_waits_is_named_by_its_letter(pair: Pair) -> None:
    call, _start, later = moving(pair)
    pair.work(call)
    assert pair.times() == {"sam": [later], "lev": [later]} and pair.kinds() == ["updated vera"]
    assert "Lev Orlov" in pair.mails()[0][1]["Subject"] and copy_of(pair).joined_at is not None
    assert pair.wrong() == []


def test_one_who_is_brought_in_while_a_move_waits_joins_at_the_old_time_when_it_is_dropped(
    pair: Pair, then: Then
) -> None:
    call, start, later = moving(pair)
    # Both events stand at the new time already when Lev turns out to be taken there.
    then("copy_put", lambda: pair.appoint_lev(Interval(later, later + HOUR)))
    pair.work(call)
    assert pair.now_of(call).start == start and pair.events()[0].start == start
    assert sorted(event.start for event in pair.levs_events()) == [start, later]
    assert pair.kinds() == ["not_moved vera", "senior_joined vera"] and pair.wrong() == []


def test_one_whose_call_changed_while_their_event_was_written_joins_in_the_next_round(
    pair: Pair, then: Then
) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start)
    pair.add_senior(pair.world.sam.user, call)

    def move_there_and_back() -> None:
        pair.move(pair.world.vera.user, call, later)
        pair.move(pair.world.vera.user, call, start)

    then("copy_put", move_there_and_back)
    pair.work(call)
    assert pair.times() == {"sam": [start], "lev": [start]}
    assert pair.kinds() == ["senior_joined vera"] and pair.wrong() == []


def test_a_move_that_is_dropped_in_its_second_round_leaves_the_senior_at_the_old_time(
    pair: Pair, then: Then
) -> None:
    start, later = two_starts(pair)
    pair.session.execute(update(CalendarAccount).values(invites_guests=True, is_quiet=True))
    pair.session.commit()
    call = pair.booked(start, senior="1")
    pair.move(pair.world.vera.user, call, later)

    def change_and_fill() -> None:
        """The event lists other people now, so that what was written does not count; and Sam is taken."""
        pair.add_guest(call, "olga@nordwind.example")
        pair.appoint(Interval(later, later + HOUR))

    then("looked_again", change_and_fill)
    pair.work(call)
    assert pair.now_of(call).start == start
    assert [event.start for event in pair.levs_events()] == [start]
    assert "not_moved vera" in pair.kinds() and pair.wrong() == []


def test_who_is_brought_in_again_joins_again(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.remove_senior(pair.world.sam.user, call)
    pair.add_senior(pair.world.sam.user, call)
    pair.work(call)
    assert pair.kinds() == ["senior_gone vera", "senior_joined vera"]
    assert len(pair.radicale.paths(LEVS)) == 1 and pair.wrong() == []


def test_who_is_brought_in_again_while_their_event_is_rewritten_joins_again(pair: Pair, then: Then) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.drag(call, later)
    pair.look()

    def off_and_on() -> None:
        pair.remove_senior(pair.world.sam.user, call)
        pair.add_senior(pair.world.sam.user, call)

    then("copy_put", off_and_on)
    pair.work(call)
    assert pair.kinds() == ["followed vera", "senior_gone vera", "senior_joined vera"]
    assert pair.times() == {"sam": [later], "lev": [later]} and pair.wrong() == []


def test_a_colleague_who_is_added_before_the_senior_joins_hears_of_them_when_they_do(pair: Pair) -> None:
    call = pair.booked(two_starts(pair)[0])
    pair.add_senior(pair.world.sam.user, call)
    pair.add_guest(call, "olga@nordwind.example")
    told = [invited(mail) for _, mail in pair.mails() if "olga" in mail["To"]]
    pair.work(call)
    joined = [invited(mail) for _, mail in pair.mails() if "olga" in mail["To"]][len(told) :]
    assert [event["SEQUENCE"] for event in (*told, *joined)] == [0, pair.now_of(call).sequence]
    assert ["Lev Orlov" in event["SUMMARY"] for event in (*told, *joined)] == [False, True]
    pair.add_guest(call, "ivan@nordwind.example")
    (late,) = [invited(mail) for _, mail in pair.mails() if "ivan" in mail["To"]]
    assert late["SEQUENCE"] == 1 and "Lev Orlov" in late["SUMMARY"]


def test_a_colleague_who_is_added_while_a_move_waits_hears_of_the_new_time_when_it_is_made(
    pair: Pair,
) -> None:
    call, start, later = moving(pair)
    pair.add_guest(call, "olga@nordwind.example")
    pair.work(call)
    told = [invited(mail) for _, mail in pair.mails() if "olga" in mail["To"]]
    assert [(event.start, event["SEQUENCE"]) for event in told] == [(start, 0), (later, 2)]
    assert ["Lev Orlov" in event["SUMMARY"] for event in told] == [False, True]
