"""Availabilities as other programs write them (RFC 7953)."""

from app.ical.zones import timezone
from tests.ical.values import calendar

BERLIN = "Europe/Berlin"


def availability(*lines: str) -> str:
    """A VAVAILABILITY around these lines."""
    return "\r\n".join(
        ["BEGIN:VAVAILABILITY", "UID:week", "DTSTAMP:20111005T133225Z", *lines, "END:VAVAILABILITY"]
    )


def available(uid: str, start: str, end: str, *lines: str, zone: str = BERLIN) -> str:
    """An AVAILABLE from one wall-clock time to another."""
    times = [f"DTSTART;TZID={zone}:{start}", f"DTEND;TZID={zone}:{end}"]
    return "\r\n".join(
        ["BEGIN:AVAILABLE", f"UID:{uid}", "DTSTAMP:20111005T133225Z", *times, *lines, "END:AVAILABLE"]
    )


def moved_to_the_afternoon() -> str:
    """Wednesday 25 November of ``weekdays()``, from 14 to 16."""
    instead_of = "RECURRENCE-ID;TZID=Europe/Berlin:20261125T090000"
    return available("weekdays-090000", "20261125T140000", "20261125T160000", instead_of)


def weekdays(start: str = "090000", end: str = "170000", *lines: str) -> str:
    """Monday to Friday for ever, anchored on a Sunday as the examples of the RFC are."""
    rule = "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    return available(f"weekdays-{start}", f"20111002T{start}", f"20111002T{end}", rule, *lines)


def nextcloud() -> str:
    """One AVAILABLE for each weekday, as the settings page of Nextcloud writes them."""
    days = {"MO": 20221205, "TU": 20221206, "WE": 20221207, "TH": 20221208, "FR": 20221209}
    parts = [
        available(
            f"0f2c-{day}",
            f"{date}T090000",
            f"{date}T173000",
            f"RRULE:FREQ=WEEKLY;BYDAY={day}",
        )
        for day, date in days.items()
    ]
    zone = timezone(BERLIN).write().rstrip("\r\n")
    return calendar("PRODID:Nextcloud DAV app", zone, availability("SUMMARY:", *parts)).replace(
        "SUMMARY:\r\n", ""
    )


def apple() -> str:
    """A week with lunch, begun long ago, as Apple Calendar stores it on the scheduling inbox."""
    more = ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", "SUMMARY:Working hours"]
    morning = available("M", "20100104T083000", "20100104T120000", *more)
    afternoon = available("A", "20100104T130000", "20100104T170000", *more)
    lines = ["DTSTART;TZID=Europe/Berlin:20100101T000000", "BUSYTYPE:BUSY-UNAVAILABLE", "X-APPLE-SEEN:1"]
    return calendar("CALSCALE:GREGORIAN", availability(*lines, morning, afternoon))


def two_weeks_only() -> str:
    """Above everything else, from 23 November to 6 December 2026: mornings from 10 to 12."""
    bounds = ["DTSTART;TZID=Europe/Berlin:20261123T000000", "DTEND;TZID=Europe/Berlin:20261207T000000"]
    rule = "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    short = available("short", "20261123T100000", "20261123T120000", rule)
    return calendar(availability("PRIORITY:1", "SUMMARY:Fair in Hanover", *bounds, short))
