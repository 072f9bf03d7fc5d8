"""The form of weekly hours."""

from datetime import time

from app.availability.weekly import (
    Row,
    RowProblem,
    Wrong,
    add_row,
    check_week,
    copy_day,
    fields_of,
    read_week,
    remove_row,
    week_of,
)
from app.ical.hours import WeeklyRange

MORNING = WeeklyRange(0, time(9), time(12, 30))
AFTERNOON = WeeklyRange(0, time(13, 30), time(17))
LATE = WeeklyRange(4, time(20), time(0))
EMPTY = week_of([])


def one_day(*rows: tuple[str, str]) -> list[RowProblem]:
    week = (tuple(Row(*row) for row in rows), *EMPTY[1:])
    return list(check_week(week)[1])


def test_ranges_come_back_from_the_form_as_they_went_in() -> None:
    week = week_of([LATE, AFTERNOON, MORNING])
    assert read_week(dict(fields_of(week))) == week
    assert check_week(week) == ((MORNING, AFTERNOON, LATE), ())


def test_an_unticked_day_is_off_whatever_its_rows_say() -> None:
    fields = dict(fields_of(week_of([MORNING])))
    del fields["mon-on"]
    assert read_week(fields) == EMPTY


def test_a_ticked_day_without_hours_asks_for_them() -> None:
    week = read_week({"sat-on": "1"})
    assert check_week(week) == ((), (RowProblem(5, 0, "start", Wrong.EMPTY),))


def test_a_blank_row_beside_others_is_left_out() -> None:
    assert one_day(("9", "17"), ("", "")) == []


def test_an_end_before_the_start_proposes_the_afternoon() -> None:
    assert one_day(("13:30", "05:00")) == [RowProblem(0, 0, "end", Wrong.BACKWARDS, time(17))]


def test_an_end_before_the_start_proposes_nothing_where_nothing_fits() -> None:
    assert one_day(("17", "15")) == [RowProblem(0, 0, "end", Wrong.BACKWARDS)]
    assert one_day(("9", "9")) == [RowProblem(0, 0, "end", Wrong.BACKWARDS, time(21))]


def test_an_overlap_proposes_to_begin_where_the_other_ends() -> None:
    assert one_day(("9", "12:30"), ("12", "17")) == [
        RowProblem(0, 1, "start", Wrong.OVERLAP, time(12, 30), MORNING)
    ]


def test_a_range_inside_another_overlaps_without_a_proposal() -> None:
    assert one_day(("9", "12:30"), ("10", "11")) == [RowProblem(0, 1, "start", Wrong.OVERLAP, None, MORNING)]


def test_touching_ranges_do_not_overlap() -> None:
    assert one_day(("9", "12"), ("12", "17")) == []


def test_what_cannot_be_read_is_named_with_its_field() -> None:
    assert one_day(("9", "noon"), ("", "17")) == [
        RowProblem(0, 0, "end", Wrong.UNREADABLE),
        RowProblem(0, 1, "start", Wrong.EMPTY),
    ]


def test_the_buttons_add_remove_and_copy() -> None:
    week = add_row(EMPTY, 0)
    assert week[0] == (Row("09:00", "17:00"),)
    assert add_row(week, 0)[0] == (Row("09:00", "17:00"), Row())
    assert remove_row(week, 0, 0) == EMPTY
    assert remove_row(week, 0, 7) == week
    assert copy_day(week, 0, [2, 4])[4] == week[0]


def test_a_day_has_four_rows_at_most() -> None:
    week = EMPTY
    for _number in range(9):
        week = add_row(week, 0)
    assert len(week[0]) == 4
