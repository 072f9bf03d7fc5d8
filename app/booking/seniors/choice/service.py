"""Which senior can be brought into a call."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.availability.service import calendar_state
from app.booking.errors import NoSenior
from app.booking.seniors.queries import seniors
from app.booking.values import ANY_SENIOR
from app.config import Settings
from app.customers.profiles import SpecialistProfile


def choose_senior(
    session: Session, now: datetime, settings: Settings, asked: str, specialist_id: int | None
) -> SpecialistProfile:
    """The senior asked for by public id, or with ANY_SENIOR the first by name, whose calendar is in step.

    Never ``specialist_id``, the call's own specialist; None leaves nobody out. Raises NoSenior.
    """
    for person in seniors(session):
        is_wanted = asked in {ANY_SENIOR, person.public_id} and person.user_id != specialist_id
        if is_wanted and calendar_state(session, now, settings, person.user_id).state == "ok":
            return person
    raise NoSenior(f"no senior {asked!r} whose calendar is in step")
