"""What the desk does not keep for ever (docs/personal-data.md)."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.retention.service import Rule
from app.config import Settings
from app.desk.callbacks.models import Callback
from app.desk.mailbox.models import QuarantinedMail
from app.desk.models import Message, MessageFile
from app.desk.phone.models import PhoneCall
from app.desk.values import Channel


def retention_rules(settings: Settings, now: datetime) -> tuple[Rule, ...]:
    """Strangers' mail, recordings, what is known of single phone calls, and callbacks of nobody known."""
    before = now - timedelta(days=settings.mail_retention_days)
    recorded = select(Message.id).where(Message.channel == Channel.VOICEMAIL, Message.written_at <= before)
    is_nobodys = Callback.contact_id.is_(None) & Callback.company_id.is_(None)
    return (
        Rule(QuarantinedMail.id, QuarantinedMail.received_at <= before),
        Rule(MessageFile.id, MessageFile.message_id.in_(recorded)),
        Rule(PhoneCall.id, PhoneCall.came_at <= before),
        Rule(Callback.id, is_nobodys & (Callback.closed_at <= before)),
    )
