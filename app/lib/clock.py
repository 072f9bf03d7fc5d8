"""The only module that reads the clock; everything else is handed ``now``."""

from datetime import UTC, datetime
from time import monotonic as monotonic


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
