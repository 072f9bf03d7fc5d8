"""What the page about a call's senior shows."""

from dataclasses import dataclass
from typing import Literal

from app.availability.pages import Person, When


@dataclass(frozen=True, slots=True)
class SeniorPage:
    """Bringing a senior into a call, or taking them off: ``senior`` is who.

    ``state``: ``free`` at the call's own time, ``busy`` then (``move_url`` finds a time for both, if the call
    can be moved), ``none`` to be had, ``part`` of the call, or ``me`` for the senior who looks.
    """

    id: str
    state: Literal["free", "busy", "none", "part", "me"]
    when: When
    with_name: str
    senior: Person | None = None
    senior_id: str = ""
    move_url: str = ""
