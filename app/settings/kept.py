"""The settings that hold at the moment: those of pages over those of the environment, kept for a moment."""

from collections.abc import Callable, Mapping
from typing import Any

from app.config import Settings
from app.settings.registry import overlaid

# Seconds for which another process may still go by what held before.
KEPT_FOR = 3.0


class KeptSettings:
    """One process's settings of one application.

    Whoever changes a setting drops what is kept, so that the next question reads it anew.
    """

    def __init__(self, environment: Settings) -> None:
        self.environment = environment
        self.latest = environment
        # The round in which it was begun to be read: what was read before a change is not used after it.
        self._round = 0
        self._known: tuple[int, float, Settings] | None = None

    def current(self, moment: float, read: Callable[[], Mapping[str, Any]]) -> Settings:
        """The settings; ``moment`` is in seconds on a clock that never goes back, ``read`` what is stored."""
        known, begun = self._known, self._round
        if known is not None and known[0] == begun and 0 <= moment - known[1] < KEPT_FOR:
            return known[2]
        found = overlaid(self.environment, read())
        self._known, self.latest = (begun, moment, found), found
        return found

    def drop(self) -> None:
        """Forget what is kept."""
        self._round += 1
