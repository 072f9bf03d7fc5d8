"""What was decided about calls that lie in somebody's time off."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.booking.models import Booking
from app.lib.db import Base


class KeptCall(Base):
    """A call that takes place although its specialist has time off (the event's ``uid``) on that day.

    One row for each time off that it lies in: they can overlap.
    """

    __tablename__ = "kept_call"

    booking_id: Mapped[int] = mapped_column(ForeignKey(Booking.id, ondelete="CASCADE"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(500), primary_key=True)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
