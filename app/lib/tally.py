"""What one process knows of limits without asking the database."""

from datetime import datetime, timedelta
from threading import Lock

_LARGEST = 10_000


class Tally:
    """Counts uses until they are worth a write, and remembers which keys are used up until when."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counted: dict[str, tuple[int, datetime]] = {}
        self._closed: dict[str, datetime] = {}

    def add(self, now: datetime, key: str, window: timedelta, step: int) -> int:
        """Count one use; how many are to be written down now, 0 for none yet.

        What was counted longer than ``window`` ago is of no interest any more. While too many keys are
        counted already, every use of another one is written down at once.
        """
        with self._lock:
            count, until = self._counted.pop(key, (0, now + window))
            count, until = (1, now + window) if until <= now else (count + 1, until)
            if count >= step or (len(self._counted) >= _LARGEST and not self._make_room(now)):
                return count
            self._counted[key] = count, until
            return 0

    def close(self, key: str, until: datetime) -> None:
        """Remember that a key is used up."""
        with self._lock:
            if len(self._closed) >= _LARGEST:
                self._closed.clear()
            self._closed[key] = until

    def closed_until(self, now: datetime, key: str) -> datetime | None:
        """Until when a key is known to be used up; None when it may not be."""
        until = self._closed.get(key)
        return until if until is not None and until > now else None

    def _make_room(self, now: datetime) -> bool:
        self._counted = {key: value for key, value in self._counted.items() if value[1] > now}
        return len(self._counted) < _LARGEST
