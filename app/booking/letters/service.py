"""Posting a letter about a call, in the transaction of what it tells."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.letters.letter import Occasion, write_letter
from app.booking.values import CallValue
from app.config import Settings
from app.mail.service import post


def post_letter(
    session: Session, now: datetime, settings: Settings, call: CallValue, occasion: Occasion
) -> None:
    """Post it once: the key names the call, its SEQUENCE, the occasion and the recipient."""
    recipient = call.specialist.user_id if occasion.at_home else call.contact_id
    key = f"booking:{call.id}:{call.sequence}:{occasion.kind.value}:{recipient}"
    post(session, now, key, f"booking:{call.id}:{recipient}", write_letter(call, occasion, settings))
