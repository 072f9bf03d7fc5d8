"""Which calls pass on with their company and to whom, and what their contacts are told."""

from datetime import timedelta

import pytest

from app.booking.handover.service_calls import Decision, keep, note_stuck
from app.booking.handover.values import CallState
from app.lib.db import write
from app.lib.intervals import Interval
from app.lib.wording import local_date
from tests.booking.core.office import two_starts
from tests.booking.handover.passing import give, mailed, pass_by, states, told
from tests.booking.reassigning.crew import Crew
from tests.booking.standins.away import ZONE, goes_on_leave


@pytest.mark.postgres
def test_what_was_decided_while_a_call_was_tried_holds(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    hand_over = told(crew)
    pass_by(crew)
    number = hand_over.public_id
    asked = Decision(crew.world.sam.user, number, call.public_id)
    people = [crew.world.sam.id, crew.world.rita.id]
    write(crew.session, people, lambda s: keep(s, crew.now, crew.settings, asked))
    write(crew.session, [], lambda s: note_stuck(s, crew.now, crew.settings, number, {call.id: "taken"}))
    assert states(crew, hand_over) == {call.id: CallState.KEPT}
    assert not [name for name in mailed(crew) if name.startswith("stuck")]


def test_whoever_booked_a_call_that_is_kept_is_told_once_that_it_does_not_pass(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.appoint_rita(Interval(start, start + timedelta(hours=1)))
    crew.look_at_both()
    hand_over = told(crew)
    (letter,) = [mail for key, mail in crew.mails() if mail["To"].addresses[0].username == "vera"]
    words = letter.get_body(("plain",)).get_content()
    assert "where Rita Weiss is free then: you are told of each." in " ".join(words.split())
    pass_by(crew)
    asked = Decision(crew.world.sam.user, hand_over.public_id, call.public_id)
    people = [crew.world.sam.id]
    for _ in range(2):
        write(crew.session, people, lambda s: keep(s, crew.now, crew.settings, asked))
    (kept,) = [mail for key, mail in crew.mails() if ":kept:" in key]
    assert kept["To"].addresses[0].username == "vera"
    words = kept.get_body(("plain",)).get_content()
    assert "Sam Horvath stays as booked" in words and "This call does not pass to Rita Weiss." in words
    assert "away that day" not in words


def test_a_call_with_a_stand_in_of_who_leaves_passes_as_well(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    give(crew, call, crew.world.lev)
    hand_over = told(crew)
    pass_by(crew)
    assert states(crew, hand_over) == {call.id: CallState.WAITING}
    assert crew.call_now(call).successor_id == crew.world.rita.id


def test_while_who_comes_is_away_calls_pass_to_their_stand_in_and_stay_there(crew: Crew) -> None:
    start, second = two_starts(crew)
    crew.connect("lev", crew.world.lev)
    call, theirs = crew.booked(start), crew.booked(second)
    give(crew, theirs, crew.world.lev)
    hand_over = told(crew)
    days = [local_date(at, ZONE) for at in (start, second)]
    goes_on_leave(crew.session, crew.world.rita, min(days), max(days), named=crew.world.lev)
    pass_by(crew)
    assert states(crew, hand_over) == {call.id: CallState.WAITING}
    assert crew.call_now(call).successor_id == crew.world.lev.id
    crew.work(call)
    pass_by(crew)
    assert states(crew, hand_over) == {call.id: CallState.MOVED}
    assert crew.call_now(theirs).specialist.user_id == crew.world.lev.id


def test_a_call_that_is_with_who_comes_stays_there_on_their_days_away(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    give(crew, call, crew.world.rita)
    hand_over = told(crew)
    day = local_date(start, ZONE)
    goes_on_leave(crew.session, crew.world.rita, day, day, named=crew.world.lev)
    pass_by(crew)
    assert states(crew, hand_over) == {} and crew.call_now(call).successor_id is None
