"""Days away with what is to be decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Shift


@dataclass(frozen=True, slots=True)
class DaysAway:
    """A time off that is not over: whose, which days, who serves on them, and the calls to decide about.

    ``is_alarmed``: the administrators were told that nobody stands in.
    """

    public_id: str
    specialist: SpecialistProfile
    first: date
    last: date
    shifts: Sequence[Shift]
    calls: Sequence[CallValue]
    is_alarmed: bool
