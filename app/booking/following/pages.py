"""What a specialist has to settle, as their schedule shows it: plain values in the reader's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskedCall:
    """A call that its specialist's calendar has no more, "Tue 24 Nov, 10:00–10:30", or has ``there`` now."""

    id: str
    when: str
    who: str
    there: str = ""


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What a specialist is asked on their schedule, and which calls their calendar does not take and why."""

    calls: tuple[AskedCall, ...]
    moved: tuple[AskedCall, ...]
    troubles: tuple[str, ...]
