"""Values in the reader's words."""

from datetime import timedelta

from app.availability.presence import Presence, State
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


def test_an_unknown_presence_is_not_shown() -> None:
    assert in_words.presence_pill(Presence(State.UNKNOWN, None), VERA, NOW) is None


def test_a_span_over_midnight_keeps_its_clock_times() -> None:
    late = Interval(at(24, 18, 45), at(24, 18, 45) + timedelta(minutes=30))
    assert in_words.when(late, PAVEL).span == "23:45–00:15"
