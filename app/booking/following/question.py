"""What a specialist is asked about a call that did not change alone."""

from dataclasses import dataclass

from app.booking.values import CallValue
from app.lib.intervals import Interval


@dataclass(frozen=True, slots=True)
class Question:
    """Shall the call move to where its event stands now (``there``), or, with None, is it cancelled?"""

    call: CallValue
    there: Interval | None = None
