"""Level 2 as in the previews of mails: nobody can sign in at Nordwind, and Lev takes it at night."""

from datetime import UTC, datetime, timedelta

from app.desk.escalations.letters import Addressee
from app.desk.escalations.order import Ask
from app.desk.escalations.values import Cause, EscalationValue, NamedAsk, SeniorName

_AT = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)
_LEV = SeniorName(2, "lev", "Lev Orlov", {"en": "Senior support engineer", "ru": "Старший инженер поддержки"})
_TAKEN = {"senior_taken", "senior_on_it"}


def sample_escalation(name: str, language: str) -> EscalationValue:
    """What the mail of this name is about."""
    return EscalationValue(
        id=1,
        public_id="…",
        conversation_id=1,
        conversation_public_id="…",
        company_id=1,
        company_name="Nordwind",
        contact_name="Vera Lindqvist",
        subject={"ru": "Никто не может войти"}.get(language, "Nobody can sign in"),
        severity=1,
        request_id=42,
        cause=Cause.CUSTOMER if name == "senior_wanted" else Cause.SEVERITY,
        asked_by="Vera Lindqvist" if name == "senior_wanted" else "",
        note="",
        asked_at=_AT,
        round_at=_AT,
        taken_by=_LEV if name in _TAKEN else None,
        taken_at=_AT + timedelta(minutes=4) if name in _TAKEN else None,
        ended_at=None,
        next_ask_at=None,
        asks=(NamedAsk(_LEV.name, Ask(_LEV.user_id, _AT)),),
    )


def sample_reader(language: str) -> Addressee:
    """Somebody who reads it."""
    return Addressee(3, "Sam Okafor", "sam@company.example", language, "Europe/Bratislava")
