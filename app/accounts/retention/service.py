"""What is not kept for ever: which rows are due, and what becomes of them (docs/personal-data.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.devices.service import DEVICE_LIFETIME
from app.accounts.models import ApiToken, AuditEntry, SignInLink, UserSession
from app.accounts.models_proofs import KnownDevice, RateCount, SignInStep
from app.config import Settings
from app.mail.models import IncomingMail, OutgoingMail
from app.mail.service import GIVEN_UP, SENT

# For the limits, and to tell somebody with an old link that it has run out.
_LINKS_KEPT = timedelta(days=1)
_DEVICES_KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that are due (by their ``key``), and what is changed in them; nothing: they are deleted."""

    key: InstrumentedAttribute[Any]
    is_due: ColumnElement[bool]
    change: tuple[tuple[str, Any], ...] = ()


def rules(settings: Settings, now: datetime) -> tuple[Rule, ...]:
    """Those of accounts and mail as they are at ``now``; other packages bring their own (app/cli.py)."""
    mail_before = now - timedelta(days=settings.mail_retention_days)
    over_before = now - timedelta(days=settings.ended_session_days)
    is_done = OutgoingMail.state.in_((SENT, GIVEN_UP))
    has_text = func.length(OutgoingMail.content) > 0
    is_old = func.coalesce(OutgoingMail.sent_at, OutgoingMail.created_at) <= mail_before
    return (
        Rule(OutgoingMail.id, is_done & is_old & has_text, (("content", b""),)),
        Rule(IncomingMail.id, IncomingMail.received_at <= mail_before),
        Rule(AuditEntry.id, AuditEntry.at <= now - timedelta(days=settings.audit_retention_days)),
        Rule(UserSession.id, UserSession.ended_at <= over_before),
        Rule(KnownDevice.id, KnownDevice.last_seen_at <= now - DEVICE_LIFETIME),
        Rule(ApiToken.id, ApiToken.expires_at <= over_before),
        Rule(SignInLink.id, SignInLink.created_at <= now - _LINKS_KEPT),
        Rule(SignInStep.id, SignInStep.expires_at <= now - _LINKS_KEPT),
        Rule(KnownDevice.id, KnownDevice.last_seen_at <= now - _DEVICES_KEPT),
        Rule(RateCount.key, RateCount.expires_at <= now),
    )


def due(session: Session, rule: Rule, limit: int) -> Sequence[Any]:
    """Up to so many rows that the rule is to be carried out on."""
    return session.scalars(select(rule.key).where(rule.is_due).order_by(rule.key).limit(limit)).all()


def carry_out(session: Session, rule: Rule, keys: Sequence[Any]) -> None:
    """Carry it out on these rows, as far as they are still due."""
    model, which = rule.key.class_, (rule.key.in_(keys), rule.is_due)
    if rule.change:
        session.execute(update(model).where(*which).values(dict(rule.change)))
    else:
        session.execute(delete(model).where(*which))
