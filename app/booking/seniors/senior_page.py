"""Bringing a senior into a call, or taking them off, in the reader's words."""

from datetime import datetime
from typing import Literal

from app.booking.in_words import Reader, first_name, person, when
from app.booking.seniors.pages import SeniorPage
from app.booking.values import CallValue
from app.customers.profiles import SpecialistProfile


def senior_page(
    call: CallValue,
    state: Literal["free", "busy", "none", "part", "me"],
    senior: SpecialistProfile | None,
    reader: Reader,
    now: datetime,
    *,
    is_contact: bool,
    move_url: str = "",
) -> SeniorPage:
    """The page; ``senior`` is who would come, or takes part already."""
    other = call.specialist.name if is_contact else call.contact_name
    return SeniorPage(
        id=call.public_id,
        state=state,
        when=when(call.span, reader),
        with_name=first_name(other),
        senior=person(senior, reader, now) if senior else None,
        senior_id=senior.public_id if senior else "",
        move_url=move_url,
    )
