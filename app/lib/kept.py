"""What was worked out before, kept for whoever needs it again."""

from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """The newest so many values by their keys, for all threads of a process."""

    def __init__(self, size: int) -> None:
        self._values: LRUCache[Key, Value] = LRUCache(size)
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """The value, if it is still here."""
        with self._lock:
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a value; the one that was not asked for the longest makes room."""
        with self._lock:
            self._values[key] = value

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._values.clear()
