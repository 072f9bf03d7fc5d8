"""Calls that a telephony provider told us of."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base
from app.lib.tokens import new_public_id


class PhoneCall(Base):
    """A call that came in; ``provider_id`` is the provider's name for it (CallSid).

    ``number`` is the caller's (E.164), empty when hidden. ``state`` is ``ringing``, ``answered``,
    ``recorded``, ``missed`` or ``ended``. ``recording_url`` is where the provider keeps what was said until
    it is fetched; ``fetch_at`` is when the worker looks at the call next, to fetch that, or to see whether
    it was missed.
    """

    __tablename__ = "phone_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    provider_id: Mapped[str] = mapped_column(String(100), unique=True)
    number: Mapped[str] = mapped_column(String(20), default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("callback.id", ondelete="SET NULL"))
    came_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    recording_url: Mapped[str] = mapped_column(String(500), default="")
    recording_seconds: Mapped[int] = mapped_column(default=0)
    fetch_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(String(300), default="")


class PhoneRecording(Base):
    """What a caller said whom nobody knows, until the call is given to a contact."""

    __tablename__ = "phone_recording"

    call_id: Mapped[int] = mapped_column(
        ForeignKey("phone_call.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)
