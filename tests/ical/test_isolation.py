"""One calendar never changes how another is read, whichever came first and in whichever thread."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from app.ical.expand import expand
from tests.ical.values import WEEK, calendar

_NAMES = ["Customized Time Zone", "W. Europe Standard Time", "Office", "GMT+0200", "Europe/Berlin"]


def _text(name: str, offset: str) -> str:
    part = [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        "END:STANDARD",
    ]
    zone = ["BEGIN:VTIMEZONE", f"TZID:{name}", *part, "END:VTIMEZONE"] if offset else []
    times = [f"DTSTART;TZID={name}:20260325T090000", f"DTEND;TZID={name}:20260325T100000"]
    return calendar(*zone, "BEGIN:VEVENT", "UID:a", *times, "END:VEVENT")


def _start(name: str, offset: str) -> datetime:
    return expand(_text(name, offset), WEEK, "UTC").spans[0].start


@pytest.mark.parametrize("name", _NAMES)
def test_zone_of_one_calendar_does_not_leak_into_the_next(name: str) -> None:
    alone = {offset: _start(name, offset) for offset in ("+0300", "-0500", "")}
    orders = [("+0300", "-0500"), ("-0500", "+0300"), ("+0300", ""), ("-0500", "")]
    assert all((_start(name, first), _start(name, second))[1] == alone[second] for first, second in orders)


def test_calendars_read_at_once_do_not_mix() -> None:
    wanted = [
        (f"{sign}{hours:02}00", hours if sign == "-" else -hours) for hours in range(9) for sign in "+-"
    ] * 10
    with ThreadPoolExecutor(8) as pool:
        starts = list(pool.map(lambda pair: _start("Office", pair[0]), wanted))
    assert starts == [datetime(2026, 3, 25, 9 + shift, tzinfo=UTC) for _, shift in wanted]
