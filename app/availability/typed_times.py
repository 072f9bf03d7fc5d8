"""Times as people type them: "9", "930", "9:30", "9.30", "17h", "5pm" all mean something."""

import re
from datetime import time

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.,hч]\s*(?P<minute>\d{2})?|(?P<joined>\d{2}))?\s*(?P<half>[ap]\.?\s?m?\.?)?",
    re.IGNORECASE,
)
_LONGEST = 12


def read_time(text: str) -> time | None:
    """The wall-clock time that was typed, to the minute; "24:00" is midnight; None when it means nothing."""
    typed = text.strip()
    found = _TIME.fullmatch(typed) if typed.isascii() or "ч" in typed.lower() else None
    if found is None or len(typed) > _LONGEST:
        return None
    hour = int(found["hour"])
    minute = int(found["minute"] or found["joined"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    if (hour, minute) == (24, 0):
        return time(0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def minutes(moment: time, *, is_end: bool = False) -> int:
    """Minutes since midnight; as an end, 00:00 is the end of the day."""
    total = moment.hour * 60 + moment.minute
    return 1440 if is_end and total == 0 else total


def shown(moment: time) -> str:
    """ "09:30": how a time is written back into its field."""
    return f"{moment:%H:%M}"
