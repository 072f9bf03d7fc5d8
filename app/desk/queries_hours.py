"""The service's business time as it is set today."""

from sqlalchemy.orm import Session

from app.availability.queries import own_days
from app.config import Settings
from app.desk.hours import BusinessHours
from app.desk.sla import business, policy_of


def business_hours(session: Session, settings: Settings) -> BusinessHours:
    """The service window without the days off, by the settings of now; one query a transaction."""
    return business(policy_of(settings, own_days(session)))
