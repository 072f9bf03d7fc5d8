"""Values in the reader's words."""

from datetime import UTC, datetime, timedelta

import pytest

from app.availability.presence import Presence, State, Why
from app.booking import in_words
from app.lib.intervals import Interval
from tests.booking.made_up import NOW, PAVEL, RUSSIAN, SAM, VERA, at, slot


def test_the_services_time_stands_beside_the_readers() -> None:
    assert in_words.service_time(at(25, 13), PAVEL) == "14:00 CET"


def test_the_services_time_is_left_out_where_both_clocks_agree() -> None:
    assert in_words.service_time(at(25, 13), VERA) == ""
    assert in_words.when(slot(25, 13), VERA).service == ""


def test_the_services_time_is_cest_in_summer() -> None:
    assert in_words.service_time(at(1, 13, month=7), PAVEL) == "15:00 CEST"


def test_another_day_in_the_services_zone_is_named() -> None:
    assert in_words.service_time(at(24, 20), PAVEL) == "Tue 21:00 CET"
    assert in_words.service_time(at(24, 20), RUSSIAN) == "Вт 21:00 CET"


def test_a_call_is_written_with_day_span_and_zones() -> None:
    when = in_words.when(slot(25, 13), PAVEL)
    assert (when.day, when.span) == ("Wednesday 25 November", "18:00–18:30")
    assert (when.zone, when.service) == ("Yekaterinburg time, UTC+5", "14:00–14:30 CET")
    assert when.starts_at == "2026-11-25T13:00:00Z"


def test_near_days_have_their_own_names() -> None:
    assert in_words.day_name(at(24, 15), PAVEL, NOW) == "Today"
    assert in_words.day_name(at(25, 15), PAVEL, NOW) == "Tomorrow"
    assert in_words.day_name(at(27, 15), PAVEL, NOW) == "Fri 27 Nov"


def test_a_specialist_has_initials_and_a_first_name() -> None:
    person = in_words.person(SAM, PAVEL, NOW)
    assert (person.first_name, person.initials) == ("Sam", "SO")


def test_presence_says_until_when_in_both_zones() -> None:
    pill = in_words.presence_pill(Presence(State.IN, at(24, 16)), PAVEL, NOW)
    assert pill is not None
    assert (pill.state, pill.text) == ("in", "In now, until 21:00 (17:00 CET)")


def test_away_over_the_weekend_names_the_weekday() -> None:
    pill = in_words.presence_pill(Presence(State.AWAY, at(30, 8)), VERA, NOW)
    assert pill is not None
    assert pill.text == "Away until Mon 09:00"


def test_no_russian_weekday_stands_after_until() -> None:
    pill = in_words.presence_pill(Presence(State.AWAY, at(30, 8)), RUSSIAN, NOW)
    assert pill is not None
    assert "30 ноября, 13:00" in pill.text


@pytest.mark.parametrize(
    ("presence", "vera", "pavel", "russian"),
    [
        (
            Presence(State.ON_CALL, at(24, 9, 30)),
            "On a call, free at 10:30",
            "On a call, free at 14:30 (10:30 CET)",
            "14:30 (10:30 CET)",
        ),
        (
            Presence(State.AWAY, at(24, 12), Why.HOURS),
            "Back at 13:00",
            "Back at 17:00 (13:00 CET)",
            "17:00 (13:00 CET)",
        ),
        (
            Presence(State.AWAY, at(30, 8), Why.HOURS),
            "Back Monday 09:00",
            "Back Monday 13:00 (09:00 CET)",
            "30 ноября, 13:00 (09:00 CET)",
        ),
        (
            Presence(State.AWAY, at(24, 12), Why.BUSY),
            "Away until 13:00",
            "Away until 17:00 (13:00 CET)",
            "17:00 (13:00 CET)",
        ),
        (
            Presence(State.AWAY, datetime(2026, 12, 10, 8, tzinfo=UTC), Why.TIME_OFF),
            "Away, back Thu 10 Dec 09:00",
            "Away, back Thu 10 Dec 13:00 (09:00 CET)",
            "10 декабря, 13:00 (09:00 CET)",
        ),
        (
            Presence(State.AWAY, at(25, 8), Why.HOLIDAY, "Christmas Day"),
            "Public holiday (Christmas Day), back Wednesday 09:00",
            "Public holiday (Christmas Day), back Wednesday 13:00 (09:00 CET)",
            "25 ноября, 13:00 (09:00 CET)",
        ),
        (Presence(State.AWAY, None, Why.TIME_OFF), "Away", "Away", ""),
    ],
)
def test_every_way_to_be_away_says_when_it_ends(
    presence: Presence, vera: str, pavel: str, russian: str
) -> None:
    pills = [in_words.presence_pill(presence, reader, NOW) for reader in (VERA, PAVEL, RUSSIAN)]
    texts = [pill.text if pill else "" for pill in pills]
    assert texts[:2] == [vera, pavel]
    assert russian in texts[2]


def test_a_calendar_that_cannot_be_read_is_named_where_its_owner_is_known() -> None:
    pill = in_words.presence_pill(Presence(State.UNKNOWN, None), VERA, NOW, "Sam")
    assert pill is not None and pill.text == "We cannot see Sam's calendar right now"


def test_an_unknown_presence_is_not_shown() -> None:
    assert in_words.presence_pill(Presence(State.UNKNOWN, None), VERA, NOW) is None


def test_a_span_over_midnight_keeps_its_clock_times() -> None:
    late = Interval(at(24, 18, 45), at(24, 18, 45) + timedelta(minutes=30))
    assert in_words.when(late, PAVEL).span == "23:45–00:15"
