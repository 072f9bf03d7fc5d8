"""Conversations: messages of any channel, their files, who has read how far."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base
from app.lib.tokens import new_public_id

_IS_STANDING = text("is_standing")


class Conversation(Base):
    """What a company and its specialist say to each other about one thing.

    One that ``is_standing`` is the contact's own, for all that belongs to no request: there is one for each.
    ``last_number`` is the number of its last message; whoever writes locks this row.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_company", "company_id", "last_at"),
        Index(
            "uq_conversation_standing",
            "contact_id",
            unique=True,
            sqlite_where=_IS_STANDING,
            postgresql_where=_IS_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    subject: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(10))
    is_standing: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_number: Mapped[int] = mapped_column(default=0)


class Message(Base):
    """A message, or a line in which the service says what happened.

    ``number`` counts within the conversation without gaps, ``key`` is what its writer knows it by, so that
    it is written once. ``mail_id`` is the Message-ID (RFC 5322) of a mail it came by.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("uq_message_number", "conversation_id", "number", unique=True),
        Index("uq_message_key", "conversation_id", "key", unique=True),
        Index("ix_message_mail_id", "mail_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(100))
    side: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    quoted: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    is_internal: Mapped[bool] = mapped_column(default=False)
    happening: Mapped[str] = mapped_column(String(20), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    mail_id: Mapped[str] = mapped_column(String(300), default="")
    written_at: Mapped[datetime]


class MessageFile(Base):
    """A file of a message; its bytes stand apart, so that no list reads them."""

    __tablename__ = "message_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]


class FileContent(Base):
    """The bytes of a file."""

    __tablename__ = "file_content"

    file_id: Mapped[int] = mapped_column(
        ForeignKey("message_file.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Reading(Base):
    """How far somebody has read a conversation: up to the message with this number."""

    __tablename__ = "reading"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int]


class LinkedCall(Base):
    """A call that belongs to a conversation."""

    __tablename__ = "linked_call"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    linked_at: Mapped[datetime]
