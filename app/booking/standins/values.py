"""Days away with what is to be decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Shift
from app.lib.errors import DomainError


@dataclass(frozen=True, slots=True)
class CallInDays:
    """A call in somebody's time off that is not kept.

    ``stand_in`` is who serves on its day, None for nobody; ``passes_to`` is who takes it over already: then
    there is nothing to decide. ``can_pass``: it is in a state in which it can pass on; ``why_not`` is what
    keeps the stand-in from it then. ``declined_by`` is the name of whoever was asked last and was not free.
    """

    call: CallValue
    stand_in: SpecialistProfile | None = None
    passes_to: SpecialistProfile | None = None
    can_pass: bool = False
    why_not: DomainError | None = None
    declined_by: str = ""


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
    calls: Sequence[CallInDays]
    is_alarmed: bool
