"""What became of a call, said afterwards by its specialist, with a note for each side."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking.changes.service import own_call
from app.booking.errors import CannotChange
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event, after, who_in
from app.booking.models import Booking
from app.booking.outcomes.notes import NOTE_LIMIT, Notes
from app.booking.values import CallValue
from app.config import Settings
from app.lib.text import many_lines


def mark(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    public_id: str,
    event: Event,
    notes: Notes,
) -> CallValue:
    """Say that a call took place (TAKE_PLACE) or was missed (MISS); said again it is put right.

    Needs the write lock. The notes are kept as they are given now. Raises NotFound, CannotChange (``early``
    before the call began, ``moving`` while its new time waits for the calendar), UncleanText.
    """
    row, call = own_call(session, actor, public_id)
    if call.move is not None:
        raise CannotChange("moving")
    after(call, event, who_in(call, actor), now)
    row.note, row.private_note = (many_lines(text, NOTE_LIMIT) for text in (notes.shown, notes.private))
    return take(session, now, settings, row, Step(event, actor))


def notes_of(session: Session, call: CallValue, viewer: SignedIn) -> Notes:
    """What was written about a call, as far as the viewer may read it."""
    shown, private = session.execute(
        select(Booking.note, Booking.private_note).where(Booking.id == call.id)
    ).one()
    return Notes(shown, private if viewer.is_staff else "")
