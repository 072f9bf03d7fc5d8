"""What a specialist is asked about calls that are gone from their calendar."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskedCall:
    """A call that is gone from its specialist's calendar, "Tue 24 Nov, 10:00–10:30"."""

    id: str
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What a specialist is asked on their schedule, and which calls their calendar does not take and why."""

    calls: tuple[AskedCall, ...]
    troubles: tuple[str, ...]
