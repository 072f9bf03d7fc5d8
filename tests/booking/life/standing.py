"""Events as they stand in a calendar."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.lib.intervals import Interval
from app.lib.zones import day_interval

_STAMP = re.compile(r"^(DTSTART|DTEND|SEQUENCE|UID)(?:;VALUE=DATE)?:(.*?)\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Standing:
    """An object in somebody's calendar."""

    uid: str
    span: Interval
    sequence: int


def stamps(span: Interval) -> tuple[str, str]:
    """DTSTART and DTEND of a span, in UTC."""
    return f"{span.start:%Y%m%dT%H%M%SZ}", f"{span.end:%Y%m%dT%H%M%SZ}"


def read_event(text: str, zone: str) -> Standing:
    """An event with times in UTC, or of whole days in its owner's zone."""
    found = dict(_STAMP.findall(text))
    start, end = (_moment(found[name], zone) for name in ("DTSTART", "DTEND"))
    return Standing(found["UID"], Interval(start, end), int(found.get("SEQUENCE", 0)))


def _moment(stamp: str, zone: str) -> datetime:
    if "T" not in stamp:
        return day_interval(date.fromisoformat(stamp), zone).start
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
