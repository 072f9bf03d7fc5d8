"""Moments as the clock on the wall in Bratislava shows them, and the policy of the offer."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.desk.sla import Policy
from app.lib.intervals import Interval
from app.settings.values import RESPONSE_TIMES, ServiceWindow

ZONE = "Europe/Bratislava"
POLICY = Policy(RESPONSE_TIMES, ServiceWindow(), ZONE, "SK", "", ())


def at(text: str) -> datetime:
    """The UTC moment of a text like ``2026-11-24 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def pause(start: str, end: str) -> Interval:
    """From one such moment to another."""
    return Interval(at(start), at(end))
