"""A call passes to another specialist when that one's calendar has it, and is the old one's until then."""

from datetime import timedelta

import pytest

from app.availability.errors import SlotRefused
from app.booking.errors import CannotChange
from app.booking.jobs import write_booking
from app.booking.service import add_guest
from app.lib.db import write
from app.lib.intervals import Interval
from tests.booking.core.office import WORK, two_starts
from tests.booking.core.test_kills import write_killed
from tests.booking.reassigning.crew import RITAS, Crew

HOUR = timedelta(hours=1)


def test_a_call_is_the_new_specialists_when_their_calendar_has_it(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.pass_on(call, reason="Sam leaves")
    asked = crew.call_now(call)
    assert (asked.status, asked.specialist.name) == ("confirmed", "Sam Horvath")
    span = call.rules.taken_by(start)
    assert crew.taken() == {"sam": [span], "rita": [span]} and crew.kinds() == []
    crew.work(call)
    found = crew.call_now(call)
    assert (found.status, found.specialist.email) == ("confirmed", "rita@attache.example")
    assert (found.sequence, found.written_sequence) == (call.sequence + 1, call.sequence + 1)
    assert crew.times() == {"sam": [], "rita": [start]} and crew.taken() == {"rita": [span]}
    (event,) = crew.events_in(RITAS)
    assert str(event["UID"]) == call.uid and int(event["SEQUENCE"]) == found.sequence
    assert sorted(crew.kinds()) == ["handed_on sam", "taken_over rita", "taken_over vera"]
    crew.look_at_both()
    assert crew.call_now(call) == found and crew.wrong() == []


def test_the_contact_is_told_once_by_an_update_of_the_same_invitation(crew: Crew) -> None:
    call = crew.booked(two_starts(crew)[0])
    crew.pass_on(call, reason="Sam leaves")
    crew.work(call)
    mails = dict(crew.mails())
    letter = next(mail for key, mail in mails.items() if "taken_over" in key and "vera" in str(mail["To"]))
    rita = crew.world.rita.profile
    text = letter.get_body(("plain",)).get_content()
    assert rita.name in text and "Sam leaves" in text and rita.room_url in text
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    calendar = part.get_content()
    assert call.uid in calendar and "METHOD:REQUEST" in calendar and "SEQUENCE:1" in calendar
    assert rita.name in calendar and "Sam" not in calendar


def test_a_call_stays_with_its_specialist_when_the_other_turns_out_not_to_be_free(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.pass_on(call)
    crew.appoint_rita(Interval(start, start + HOUR))
    crew.work(call)
    found = crew.call_now(call)
    assert (found.status, found.specialist.name, found.successor_id) == ("confirmed", "Sam Horvath", None)
    assert crew.times() == {"sam": [start], "rita": []} and crew.kinds() == []
    assert crew.taken() == {"sam": [call.rules.taken_by(start)]} and crew.wrong() == []


def test_a_dead_calendar_of_the_new_one_leaves_the_call_where_it_is(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.pass_on(call)
    crew.radicale.delete(RITAS)
    assert crew.write(call) is not None
    found = crew.call_now(call)
    assert (found.status, found.specialist.name) == ("confirmed", "Sam Horvath")
    assert [event.start for event in crew.events_in(WORK)] == [start] and crew.kinds() == []


def test_a_call_that_nobody_worked_on_until_days_after_it_stays_where_it_was(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.pass_on(call)
    late = call.end + timedelta(days=3)
    assert write_booking(crew.session, crew.settings, call.id, 0, lambda: late) is None
    found = crew.call_now(call)
    assert (found.specialist.name, found.successor_id) == ("Sam Horvath", None)
    assert crew.taken() == {"sam": [call.rules.taken_by(start)]} and crew.kinds() == []


def test_a_dead_calendar_of_the_old_one_holds_nothing_up_and_what_is_left_there_is_known(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.pass_on(call)
    url = crew.unplug(crew.world.sam)
    assert crew.write(call) is not None
    assert crew.call_now(call).specialist.name != "Sam Horvath" and crew.times()["rita"] == [start]
    assert [line for line in crew.wrong() if "takes no part" in line]
    crew.unplug(crew.world.sam, url)
    crew.work(call)
    assert crew.times() == {"sam": [], "rita": [start]} and crew.wrong() == []


@pytest.mark.parametrize("point", ["copy_put", "taking_over", "put_done", "copy_removed"])
def test_a_killed_passing_ends_in_one_event_and_one_letter_each(
    crew: Crew, database_url: str, point: str
) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.pass_on(call)
    write_killed(crew, database_url, call, point)
    crew.work(call)
    assert crew.times() == {"sam": [], "rita": [start]}
    assert sorted(crew.kinds()) == ["handed_on sam", "taken_over rita", "taken_over vera"]
    assert crew.call_now(call).status == "confirmed" and crew.wrong() == []


def test_a_call_goes_there_and_back(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.pass_on(call)
    crew.work(call)
    crew.pass_on(call, crew.world.sam)
    crew.work(call)
    assert crew.call_now(call).specialist.name == "Sam Horvath"
    assert crew.times() == {"sam": [start], "rita": []} and crew.wrong() == []


def test_a_move_or_cancelling_meanwhile_ends_the_passing(crew: Crew) -> None:
    start, later = two_starts(crew)
    moved, cancelled = crew.booked(start), crew.booked(later + HOUR)
    for call in (moved, cancelled):
        crew.pass_on(call)
    crew.move(crew.world.vera.user, moved, later)
    crew.cancel(crew.world.vera.user, cancelled)
    for call in (moved, cancelled):
        crew.work(call)
    assert crew.times() == {"sam": [later], "rita": []}
    assert crew.taken() == {"sam": [moved.rules.taken_by(later)]} and crew.wrong() == []


def test_a_clash_in_the_old_calendar_is_over_once_somebody_else_has_the_call(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.clash(call)
    crew.pass_on(call)
    crew.work(call)
    found = crew.call_now(call)
    assert (found.status, found.specialist.user_id) == ("confirmed", crew.world.rita.id)
    assert crew.times() == {"sam": [], "rita": [start]}


def test_a_pending_call_and_one_on_its_way_are_not_passed_on(crew: Crew) -> None:
    start, later = two_starts(crew)
    pending = crew.book(crew.world.vera, start)
    with pytest.raises(CannotChange, match="ended"):
        crew.pass_on(pending)
    crew.work(pending)
    crew.move(crew.world.vera.user, pending, later)
    with pytest.raises(CannotChange, match="moving"):
        crew.pass_on(pending)


def test_the_senior_stays_with_the_call_and_does_not_take_it_over(crew: Crew) -> None:
    start, _ = two_starts(crew)
    crew.connect("lev", crew.world.lev)
    call = crew.booked(start, senior="1")
    with pytest.raises(CannotChange, match="other_senior"):
        crew.pass_on(call, crew.world.lev)
    crew.pass_on(call)
    crew.work(call)
    found = crew.call_now(call)
    assert found.senior is not None and found.senior.user_id == crew.world.lev.id
    assert crew.times() == {"sam": [], "rita": [start]}
    (levs,) = crew.events_in("/lev/work/")
    assert int(levs["SEQUENCE"]) == found.sequence
    # In his own language.
    assert "Rita Weiss и Lev Orlov" in levs["DESCRIPTION"]
    assert str(levs["LOCATION"]) == crew.world.rita.profile.room_url
    assert crew.world.sam.profile.room_url not in levs["DESCRIPTION"]
    assert crew.wrong() == []


def test_a_colleague_on_the_call_is_told_by_an_update_of_their_own(crew: Crew) -> None:
    call = crew.booked(two_starts(crew)[0])
    vera = crew.world.vera.user
    write(
        crew.session,
        [crew.world.sam.id],
        lambda s: add_guest(s, crew.now, crew.settings, vera, call.public_id, "olga@nordwind.example"),
    )
    crew.pass_on(call)
    crew.work(call)
    ((key, letter),) = [(key, mail) for key, mail in crew.mails() if "olga" in str(mail["To"])][1:]
    assert "taken_over" in key
    text = letter.get_body(("plain",)).get_content()
    assert "Your call is with Rita Weiss now" in text and call.public_id not in text


def test_asked_twice_it_passes_once_and_to_nobody_else_meanwhile(crew: Crew) -> None:
    start, _ = two_starts(crew)
    crew.connect("lev", crew.world.lev)
    call = crew.booked(start)
    for _ in range(2):
        crew.pass_on(call)
    with pytest.raises(CannotChange, match="moving"):
        crew.pass_on(call, crew.world.lev)
    crew.work(call)
    assert crew.kinds().count("taken_over vera") == 1 and crew.times() == {"sam": [], "rita": [start]}


def test_nobody_gets_a_call_at_a_time_that_is_not_open_to_them(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.appoint_rita(Interval(start, start + HOUR))
    crew.look_at_both()
    with pytest.raises(SlotRefused, match="busy"):
        crew.pass_on(call)
    assert crew.taken() == {"sam": [call.rules.taken_by(start)]} and crew.call_now(call).successor_id is None


def test_who_was_to_take_a_call_over_can_come_along_as_its_senior_to_another_time(crew: Crew) -> None:
    start, other = two_starts(crew)
    crew.connect("lev", crew.world.lev)
    call = crew.booked(start)
    crew.pass_on(call, crew.world.lev)
    moved = crew.move(crew.world.vera.user, call, other, senior="1")
    assert (moved.senior.user_id, moved.successor_id) == (crew.world.lev.id, None)
    assert crew.taken()["lev"] == [moved.rules.taken_by(other)]
    crew.work(call)
    assert crew.call_now(call).start == other and crew.wrong() == []
