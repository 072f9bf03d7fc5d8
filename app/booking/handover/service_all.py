"""Handing over all companies of one specialist, one hand-over each."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking.handover.service import plan
from app.config import Settings
from app.customers.errors import AssignmentRefused
from app.customers.people.queries import companies_of
from app.lib.wording import local_date


@dataclass(frozen=True, slots=True)
class Wanted:
    """To whom all companies pass (public id), from which day of the service zone on, with a note."""

    to_id: str
    starts_on: date
    note: str = ""


def plan_all(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, from_id: int, wanted: Wanted
) -> int:
    """Plan that each company that somebody serves today passes to another specialist; how many were planned.

    Those of which a hand-over is under way are left out. Raises as plan does, and AssignmentRefused("none")
    when nothing is left to plan; nothing is planned then.
    """
    planned = 0
    for company_id, _name in companies_of(session, from_id, local_date(now, settings.service_time_zone)):
        try:
            plan(session, now, settings, actor, company_id, wanted.to_id, wanted.starts_on, wanted.note)
        except AssignmentRefused as refused:
            if refused.reason != "open":
                raise
        else:
            planned += 1
    if not planned:
        raise AssignmentRefused("none")
    return planned
