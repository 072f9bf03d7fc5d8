"""Our own VTIMEZONE, against tzdata and against what Outlook can read."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from app.ical.file_zone import read_zone
from app.ical.zones import timezone
from app.lib import zones

_NAMES = [
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "America/Santiago",
    "America/Nuuk", "Asia/Gaza", "Asia/Yekaterinburg", "Asia/Kolkata", "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Etc/UTC",
]  # fmt: skip


@pytest.mark.parametrize("name", _NAMES)
def test_written_zone_equals_tzdata_for_years(name: str) -> None:
    written = read_zone(timezone(name))
    assert written is not None
    for hours in range(0, 24 * 365 * 2, 11):
        moment = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        assert written.to_wall(moment) == zones.local(moment, name).replace(tzinfo=None), moment


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Europe/Dublin"]
)
def test_wall_clock_of_a_written_zone_equals_tzdata_through_gap_and_overlap(name: str) -> None:
    written = read_zone(timezone(name))
    assert written is not None
    for minutes in range(0, 60 * 24 * 365, 55):
        wall = datetime(2027, 1, 1) + timedelta(minutes=minutes)  # noqa: DTZ001
        assert written.to_utc(wall) == zones.to_utc(wall.date(), wall.time(), name), wall


@pytest.mark.parametrize("name", _NAMES)
def test_zone_has_one_standard_and_at_most_one_daylight_by_rule(name: str) -> None:
    parts = timezone(name).children
    assert [part.name for part in parts] in (["STANDARD"], ["STANDARD", "DAYLIGHT"])
    assert all(part.first("RDATE") is None for part in parts)


def test_common_zones_all_have_a_rule() -> None:
    assert all(timezone(name).children for name in zones.COMMON_ZONES)


def test_icalendar_reads_the_written_zone() -> None:
    read = icalendar.Timezone.from_ical(timezone("Europe/Berlin").write())
    assert [str(part["TZNAME"]) for part in read.subcomponents] == ["CET", "CEST"]


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "", "Europe", "tzdata.zi/x"])
def test_no_such_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no such time zone"):
        timezone(name)
