"""Who serves on which day, against the plain rule asked day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.customers.profiles import SpecialistProfile
from app.customers.roster import Away, Person, Served, Shift, shifts, uncovered

FIRST = date(2026, 12, 1)
SAM, RITA, LEV = 1, 2, 3


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def profile(number: int) -> SpecialistProfile:
    name = f"Person {number}"
    return SpecialistProfile(
        number, f"p{number}", name, f"{number}@a.example", "en", "UTC", {}, "SK", "", "", ""
    )


def person(number: int, stand_in_id: int | None = None, *, is_active: bool = True) -> Person:
    return Person(profile(number), is_active, stand_in_id)


PEOPLE = {SAM: person(SAM, RITA), RITA: person(RITA), LEV: person(LEV)}
SINCE = [(day(-100), SAM)]


def told(found: list[Shift]) -> list[tuple[int, int, int | None]]:
    """First and last day as numbers, and who serves."""
    return [
        (
            (item.first - FIRST).days,
            (item.last - FIRST).days,
            None if item.served.by is None else item.served.by.user_id,
        )
        for item in found
    ]


def test_the_usual_stand_in_serves_on_the_days_away_and_not_after() -> None:
    found = shifts(SINCE, PEOPLE, [Away(SAM, day(3), day(5), None)], day(0), day(9))
    assert told(found) == [(0, 2, SAM), (3, 5, RITA), (6, 9, SAM)]
    assert found[1].served == Served(profile(SAM), profile(RITA), until=day(5), back=day(6))
    assert found[0].served == Served(profile(SAM), profile(SAM), until=day(2))


def test_until_and_back_reach_beyond_the_days_that_were_asked_for() -> None:
    away = [Away(SAM, day(-5), day(2), None), Away(SAM, day(3), day(20), None)]
    [only] = shifts(SINCE, PEOPLE, away, day(0), day(1))
    assert (only.last, only.served.until, only.served.back) == (day(1), day(20), day(21))


def test_whom_the_time_off_names_comes_before_the_usual_one() -> None:
    assert told(shifts(SINCE, PEOPLE, [Away(SAM, day(0), day(1), LEV)], day(0), day(1))) == [(0, 1, LEV)]


def test_a_stand_in_who_is_away_or_gone_or_the_same_person_does_not_count() -> None:
    off = Away(SAM, day(0), day(3), LEV)
    lev_away, rita_away = Away(LEV, day(1), day(3), None), Away(RITA, day(2), day(2), None)
    assert told(shifts(SINCE, PEOPLE, [off, lev_away, rita_away], day(0), day(3))) == [
        (0, 0, LEV),
        (1, 1, RITA),
        (2, 2, None),
        (3, 3, RITA),
    ]
    gone = {**PEOPLE, LEV: person(LEV, is_active=False), SAM: person(SAM, SAM)}
    assert told(shifts(SINCE, gone, [off], day(0), day(3))) == [(0, 3, None)]


def test_a_specialist_whose_account_is_closed_is_away_without_end() -> None:
    [only] = shifts(SINCE, {**PEOPLE, SAM: person(SAM, RITA, is_active=False)}, [], day(0), day(9))
    assert only.served == Served(profile(SAM), profile(RITA), until=None, back=None)


def test_a_hand_over_inside_of_days_away_brings_the_new_one() -> None:
    assigned = [*SINCE, (day(4), LEV)]
    found = shifts(assigned, PEOPLE, [Away(SAM, day(2), day(8), None)], day(0), day(9))
    assert told(found) == [(0, 1, SAM), (2, 3, RITA), (4, 9, LEV)]
    assert found[1].served.back == day(4)


def test_days_before_anybody_is_assigned_are_nobodys() -> None:
    assert told(shifts([(day(3), SAM)], PEOPLE, [], day(0), day(4))) == [(3, 4, SAM)]
    assert shifts([], PEOPLE, [], day(0), day(4)) == []


def test_days_without_anybody_are_found() -> None:
    away = [Away(SAM, day(1), day(6), None), Away(RITA, day(3), day(4), None)]
    assert uncovered(SAM, PEOPLE, away, day(0), day(9)) == [(day(3), day(4))]
    assert uncovered(SAM, PEOPLE, away[:1], day(0), day(9)) == []


ids = st.sampled_from([SAM, RITA, LEV])
numbers = st.integers(-3, 14)


@st.composite
def absences(draw: st.DrawFn) -> Away:
    begins, length = draw(numbers), draw(st.integers(0, 6))
    return Away(draw(ids), day(begins), day(begins + length), draw(st.none() | ids))


@st.composite
def everybody(draw: st.DrawFn) -> dict[int, Person]:
    return {
        number: person(number, draw(st.none() | ids), is_active=draw(st.booleans()))
        for number in (SAM, RITA, LEV)
    }


@given(
    st.lists(st.tuples(numbers.map(day), ids), max_size=3, unique_by=lambda item: item[0]).map(sorted),
    everybody(),
    st.lists(absences(), max_size=5),
)
def test_each_day_is_in_the_shift_of_who_serves_on_it(
    assigned: list[tuple[date, int]], people: dict[int, Person], away: list[Away]
) -> None:
    found = shifts(assigned, people, away, day(0), day(12))
    by_day = {
        item.first + timedelta(days=n): item.served
        for item in found
        for n in range((item.last - item.first).days + 1)
    }
    for number in range(13):
        wanted = plainly(assigned, people, away, day(number))
        served = by_day.get(day(number))
        assert (served and (served.dedicated.user_id, served.by and served.by.user_id)) == wanted
    assert all(left.last < right.first for left, right in zip(found, found[1:], strict=False))
    for item in found:
        assert item.served.until is None or item.served.until >= item.last
        assert item.served.by is None or people[item.served.by.user_id].is_active


def plainly(
    assigned: list[tuple[date, int]], people: dict[int, Person], away: list[Away], asked: date
) -> tuple[int, int | None] | None:
    begun = [number for begins, number in assigned if begins <= asked]
    if not begun:
        return None
    host, off = begun[-1], [item for item in away if item.first_day <= asked <= item.last_day]
    present = {n for n in people if people[n].is_active and n not in {item.specialist_id for item in off}}
    named = [item.stand_in_id for item in off if item.specialist_id == host]
    wishes = [host, *named, people[host].stand_in_id]
    return host, next((number for number in wishes if number in present), None)
