"""What people are written about level 2, each in their language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.config import Settings
from app.desk.escalations.values import Cause, EscalationValue
from app.lib import wording
from app.mail.draft import Draft, Party
from app.mail.pages import NoteMail
from app.mail.wording import letter, words


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is written to."""

    user_id: int
    name: str
    email: str
    language: str
    time_zone: str


def asked_letter(escalation: EscalationValue, reader: Addressee, settings: Settings) -> Draft:
    """To a senior: take it, or say that you cannot."""
    _ = words(reader.language).gettext
    names = _names(escalation)
    says = [
        _why(escalation, reader.language),
        escalation.note,
        _("If you do not take it within 10 minutes, the next senior is asked."),
    ]
    if escalation.is_urgent:
        title = _("Severity %(severity)s: %(company)s needs you now") % names
    else:
        title = _("%(company)s needs a senior engineer") % names
    return _note(reader, settings, title, says, _("See and take it"), escalation)


def alert_letter(escalation: EscalationValue, reader: Addressee, settings: Settings) -> Draft:
    """To administrators: a severity that wakes people, and which senior is asked or has it."""
    _ = words(reader.language).gettext
    names = _names(escalation)
    asked = [item.name for item in escalation.asks if escalation.asked_now(item.ask.senior_id)]
    if escalation.taken_by is not None:
        says = _("%(senior)s is on it already.") % names
    elif asked:
        says = _("%(name)s is asked to take it.") % {"name": asked[-1]}
    else:
        says = _("There is no senior who could be asked: find somebody.")
    title = _("Severity %(severity)s at %(company)s") % names
    return _note(reader, settings, title, [says], _("See how it stands"), escalation)


def unanswered_letter(escalation: EscalationValue, reader: Addressee, settings: Settings) -> Draft:
    """To administrators: all seniors were asked, and nobody has taken it."""
    _ = words(reader.language).gettext
    names = _names(escalation)
    asked = [item.name for item in escalation.asks if item.ask.asked_at >= escalation.round_at]
    names |= {"people": ", ".join(asked)}
    says = [
        _("%(people)s: everybody was asked, nobody has taken it. They are asked again.") % names
        if asked
        else _("There is no senior who could be asked: find somebody.")
    ]
    title = _("No senior has taken it: %(company)s") % names
    return _note(reader, settings, title, says, _("See how it stands"), escalation)


def wanted_letter(escalation: EscalationValue, reader: Addressee, settings: Settings) -> Draft:
    """To who serves the company: its customer wants a senior."""
    _ = words(reader.language).gettext
    names = _names(escalation)
    says = [_("%(contact)s asks for a senior engineer.") % names, escalation.note]
    title = _("%(company)s asks for a senior engineer") % names
    return _note(reader, settings, title, says, _("See how it stands"), escalation)


def taken_letter(escalation: EscalationValue, reader: Addressee, settings: Settings) -> Draft:
    """To the specialist, and to administrators who were alerted: who has it."""
    _ = words(reader.language).gettext
    names = _names(escalation) | {"time": _time(escalation.taken_at, reader)}
    says = [_("%(senior)s has taken it at %(time)s.") % names]
    title = _("%(senior)s is on it: %(company)s") % names
    return _note(reader, settings, title, says, _("See how it stands"), escalation)


def on_it_letter(escalation: EscalationValue, reader: Addressee, settings: Settings, path: str) -> Draft:
    """To the customer: who is on it since when; ``path`` is where they follow it."""
    _ = words(reader.language).gettext
    title_of = wording.in_language(escalation.taken_by.titles if escalation.taken_by else {}, reader.language)
    names = _names(escalation) | {"time": _time(escalation.taken_at, reader)}
    names |= {"who": f"{names['senior']}, {title_of}" if title_of else names["senior"]}
    title = _("%(senior)s is on it") % names
    says = [_("%(who)s, is on it since %(time)s.") % names]
    return _draft(
        reader,
        settings,
        NoteMail(
            organisation=settings.organisation,
            title=title,
            paragraphs=tuple(says),
            lines=tuple(text for text in (escalation.subject, escalation.reference) if text),
            button=_("Open the conversation"),
            url=f"{settings.public_url}{path}",
        ),
    )


def _why(escalation: EscalationValue, language: str) -> str:
    _, names = words(language).gettext, _names(escalation)
    match escalation.cause:
        case Cause.CUSTOMER:
            return _("%(contact)s asks for a senior engineer.") % names
        case Cause.SPECIALIST:
            return _("%(asker)s brings in a senior engineer.") % names
    return _("A request of severity %(severity)s brings in a senior engineer by itself.") % names


def _names(escalation: EscalationValue) -> dict[str, str]:
    return {
        "company": escalation.company_name,
        "contact": escalation.contact_name or escalation.company_name,
        "asker": escalation.asked_by,
        "severity": str(escalation.severity or ""),
        "senior": escalation.taken_by.name if escalation.taken_by else "",
    }


def _time(moment: datetime | None, reader: Addressee) -> str:
    if moment is None:
        return ""
    day = wording.day_plain(wording.local_date(moment, reader.time_zone), reader.language)
    return f"{wording.clock(moment, reader.time_zone)}, {day}"


def _note(
    reader: Addressee,
    settings: Settings,
    title: str,
    says: Sequence[str],
    button: str,
    escalation: EscalationValue,
) -> Draft:
    _ = words(reader.language).gettext
    severity = _("Severity %(severity)s") % _names(escalation) if escalation.severity else ""
    facts = (
        escalation.company_name,
        escalation.contact_name,
        escalation.subject,
        escalation.reference,
        severity,
    )
    return _draft(
        reader,
        settings,
        NoteMail(
            organisation=settings.organisation,
            title=title,
            paragraphs=tuple(text for text in says if text),
            lines=tuple(text for text in facts if text),
            button=button,
            url=f"{settings.public_url}/escalations/{escalation.public_id}",
        ),
    )


def _draft(reader: Addressee, settings: Settings, page: NoteMail) -> Draft:
    return letter(settings, "note", page, page.title, Party(reader.email, reader.name), reader.language)
