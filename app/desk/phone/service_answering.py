"""What a call is answered with: somebody of ours is let ring, or the caller is asked to speak."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.phone.queries_line import back_of, line_of
from app.desk.phone.service_left import promised_by
from app.desk.phone.spoken import Promise
from app.desk.phone.values import PhoneCallValue
from app.lib.phone_numbers import zone_of_number


@dataclass(frozen=True, slots=True)
class Ring:
    """This number is let ring; ``rung`` are the public ids of all who were, the last one's it is."""

    number: str
    rung: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speak:
    """The caller is asked to speak; nobody we do not know is promised anything."""

    promise: Promise | None


def next_step(
    session: Session, now: datetime, settings: Settings, call: PhoneCallValue, rung: tuple[str, ...]
) -> Ring | Speak:
    """The next one in the line who was not let ring yet, else voicemail."""
    if call.company_id is None:
        return Speak(None)
    for person, number in line_of(session, now, settings, call.company_id):
        if person.public_id not in rung:
            return Ring(number, (*rung, person.public_id))
    name, back_at = back_of(session, now, settings, call.company_id)
    zone = call.contact_zone or zone_of_number(call.number) or settings.service_time_zone
    return Speak(Promise(name, back_at, promised_by(session, settings, call), zone))
