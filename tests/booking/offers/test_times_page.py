"""Free times to choose from, and whom they are with."""

from dataclasses import replace

import pytest

from app.booking.offers.times_page import alternatives, with_whom
from app.booking.offers.wish import OpenTime, Turn, Wish, only
from app.customers.roster import Served
from app.lib.intervals import Interval
from tests.booking.made_up import PAVEL, RULES, SAM, at, slot

RITA = replace(SAM, user_id=6, public_id="rita", name="Rita Novák")
DAYS = Interval(at(25, 0), at(26, 0))


def turn(served: Served) -> Turn:
    away = (DAYS,) if served.by is None else ()
    return Turn(DAYS, Wish(served.person, 1, RULES, None, 1, away=away), served)


@pytest.mark.parametrize(
    ("served", "words"),
    [
        (Served(SAM, SAM), ""),
        (Served(SAM, RITA), "with Rita, who stands in for Sam"),
        (Served(RITA, RITA), "with Rita"),
        (Served(RITA, SAM), "with Sam, who stands in for Rita"),
        (Served(RITA, None), ""),
    ],
)
def test_whom_a_time_is_with_is_said_where_it_is_not_plain(served: Served, words: str) -> None:
    assert with_whom(turn(served), SAM) == words


def test_alternatives_carry_their_start_and_their_person_for_the_form() -> None:
    (choice,) = alternatives([OpenTime(slot(25, 13, 30), turn(Served(SAM, RITA)))], SAM, PAVEL)
    assert (choice.start, choice.specialist) == ("2026-11-25T13:30:00Z", "rita")
    assert (choice.day, choice.time, choice.service) == ("Wednesday 25 November", "18:30", "14:30 CET")


def test_a_call_that_moves_keeps_its_person_whatever_the_day() -> None:
    times = only(Wish(SAM, 1, RULES, None, 1)).open_times([slot(25, 13, 30)])
    (choice,) = alternatives(times, SAM, PAVEL)
    assert (choice.with_whom, choice.specialist) == ("", "")
