from datetime import date

import pytest

from app.customers.entitlement import DaySpan, Option, entitled_until, is_entitled

DAY = date(2026, 11, 24)


def option(*spans: tuple[date, date | None], plan: str = "all_inclusive") -> Option:
    return Option(plan, tuple(DaySpan(first, last) for first, last in spans))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 25), None, False),
        (date(2026, 11, 24), None, True),
        (date(2026, 1, 1), date(2026, 11, 24), True),
        (date(2026, 1, 1), date(2026, 11, 23), False),
        (date(2026, 11, 24), date(2026, 11, 24), True),
    ],
)
def test_both_days_of_a_span_are_entitled(first: date, last: date | None, expected: bool) -> None:
    assert is_entitled(option((first, last)), DAY) is expected


def test_no_other_plan_has_the_option() -> None:
    assert not is_entitled(option((date(2026, 1, 1), None), plan="standard"), DAY)


def test_no_span_is_no_option() -> None:
    assert not is_entitled(option(), DAY)


def test_an_open_end_has_no_last_day() -> None:
    assert entitled_until(option((DAY, None)), DAY) is None


def test_the_last_day_is_that_of_the_span_which_holds_the_day() -> None:
    spans = option((date(2026, 1, 1), date(2026, 11, 30)), (date(2027, 1, 1), None))
    assert entitled_until(spans, DAY) == date(2026, 11, 30)


def test_a_renewal_from_the_next_day_prolongs_the_option() -> None:
    spans = option((date(2026, 12, 1), date(2026, 12, 31)), (date(2026, 1, 1), date(2026, 11, 30)))
    assert entitled_until(spans, DAY) == date(2026, 12, 31)


def test_an_end_is_not_asked_of_an_option_that_does_not_hold() -> None:
    with pytest.raises(ValueError, match="2026-11-24"):
        entitled_until(option(), DAY)
