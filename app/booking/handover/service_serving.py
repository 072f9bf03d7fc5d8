"""To whom each coming call of a company that is handed over passes."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.booking.handover.values import HandOverValue
from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile
from app.customers.queries_roster import facts_of
from app.customers.roster import shifts
from app.lib.wording import local_date


def who_serves(
    session: Session, hand_over: HandOverValue, zone: str, calls: Sequence[CallValue]
) -> Mapping[int, SpecialistProfile]:
    """Who serves the company on the day of each call, by the call's id; two queries at most.

    Where nobody does it is who takes over: it is theirs to decide about.
    """
    if not calls:
        return {}
    days = {call.id: _day(call, hand_over, zone) for call in calls}
    first, last = min(days.values()), max(days.values())
    known = facts_of(session, hand_over.company_id, first, last)
    served = shifts(known.assigned, known.people, known.away, first, last)
    return {
        number: next((item.served.by for item in served if item.first <= day <= item.last), None)
        or hand_over.coming
        for number, day in days.items()
    }


def _day(call: CallValue, hand_over: HandOverValue, zone: str) -> date:
    """The day on which it takes place, or is on its way to; none before that of the hand-over."""
    return max(local_date((call.move or call.span).start, zone), hand_over.starts_on)
