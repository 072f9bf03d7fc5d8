"""Large and hostile texts: each is read, or refused, within a few seconds of processor time."""

import resource
from collections.abc import Callable

import pytest

from app.ical.confined import Pool, expand_all
from app.ical.expand import Expansion
from tests.ical.values import WEEK, calendar, event

_NINE = "DTSTART:20260324T090000Z"
_HOUR = (_NINE, "DURATION:PT1H")


def _series(count: int, start: str, rule: str) -> str:
    lines = (("BEGIN:VEVENT", f"UID:{n}", start, "DURATION:PT1H", rule, "END:VEVENT") for n in range(count))
    return calendar(*(line for event in lines for line in event))


def _nested(count: int) -> str:
    return calendar(*[f"BEGIN:X{n}" for n in range(count)], *[f"END:Y{n}" for n in range(count)])


def _zone(count: int) -> str:
    months = ",".join(map(str, range(1, 13)))
    part = ["BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"]
    part += [f"RRULE:FREQ=YEARLY;BYMONTH={months}", "END:STANDARD"]
    times = ("DTSTART;TZID=Odd:20260324T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    zone = ("BEGIN:VTIMEZONE", "TZID:Odd", *part * count, "END:VTIMEZONE")
    return calendar(*zone, "BEGIN:VEVENT", "UID:a", *times, "END:VEVENT")


# Each with the fewest spans that must be found.
_TEXTS: dict[str, tuple[Callable[[], str], int]] = {
    "500 endless series": (lambda: _series(500, "DTSTART:20150101T090000Z", "RRULE:FREQ=DAILY"), 3500),
    "5,000 events": (lambda: _series(5000, _NINE, "CLASS:PUBLIC"), 5000),
    "5,000 endless by the second": (lambda: _series(5000, _NINE, "RRULE:FREQ=SECONDLY"), 5000),
    "2,000 by the day with a count": (
        lambda: _series(2000, "DTSTART:19000101T090000Z", "RRULE:FREQ=DAILY;COUNT=59000"),
        0,
    ),
    "60,000 EXDATEs": (
        lambda: event(*_HOUR, "RRULE:FREQ=DAILY", f"EXDATE:{','.join(['20260325T090000Z'] * 60000)}"),
        5,
    ),
    "30,000 RRULEs": (lambda: event(*_HOUR, *["RRULE:FREQ=HOURLY;INTERVAL=7"] * 30000), 1),
    "a day 400,000 times": (
        lambda: event(*_HOUR, f"RRULE:FREQ=MONTHLY;BYDAY={','.join(['MO', '1TU'] * 200000)}"),
        1,
    ),
    "a title of 1 MB": (lambda: event(*_HOUR, "RRULE:FREQ=SECONDLY", "SUMMARY:" + "x" * 1_000_000), 1),
    "a UID of 1 MB": (lambda: event(*_HOUR, "RRULE:FREQ=DAILY").replace("UID:", "UID:" + "x" * 1_000_000), 5),
    "a zone's name of 1 MB": (lambda: event(f"DTSTART;TZID={'a' * 1_000_000}:20260324T090000", _HOUR[1]), 1),
    "1 MB of CR": (lambda: event(*_HOUR, "X:" + "\r" * 1_000_000), 1),
    "1 MB of folds": (lambda: event(*_HOUR, "X:" + "\r\n " * 300_000), 1),
    "1 MB of quotes": (lambda: event("ATTENDEE" + ';A="' * 250_000, *_HOUR), 1),
    "20,000 parameters": (lambda: event("ATTENDEE" + ";A=B" * 20_000 + ":mailto:x@y.example", *_HOUR), 1),
    "40,000 components inside each other": (lambda: _nested(40_000), 0),
    "a zone of 3,000 rules": (lambda: _zone(3_000), 5),
    "1 MB of digits": (lambda: event(*_HOUR, "SEQUENCE:" + "1" * 1_000_000), 1),
}


@pytest.mark.parametrize("name", _TEXTS)
def test_text_costs_seconds_at_most(name: str) -> None:
    make, fewest = _TEXTS[name]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pool = Pool(1)
    [answer] = expand_all([make()], WEEK, "Europe/Berlin", pool=pool)
    pool.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert isinstance(answer, Expansion), answer
    assert len(answer.spans) >= fewest
    assert after.ru_utime - before.ru_utime < 10
