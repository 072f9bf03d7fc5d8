"""What becomes of the coming calls of a company that is handed over."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.booking.models import Booking
from app.customers.models import HandOver
from app.lib.db import Base


class HandOverCall(Base):
    """A call that passes with its company.

    ``state`` is ``waiting`` (it is being passed on), ``stuck`` (it could not be, for ``reason``), ``kept``
    (it stays with who had it), ``moved``, or ``over`` (cancelled, or its time has come).
    """

    __tablename__ = "hand_over_call"

    hand_over_id: Mapped[int] = mapped_column(ForeignKey(HandOver.id, ondelete="CASCADE"), primary_key=True)
    booking_id: Mapped[int] = mapped_column(
        ForeignKey(Booking.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    reason: Mapped[str] = mapped_column(String(40), default="")
