"""What people are written about level 2, each in their language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.escalations.values import Cause, EscalationValue
from app.desk.letters.letter import House
from app.lib import wording
from app.mail.pages import NoteMail
from app.mail.wording import words


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is written to."""

    user_id: int
    name: str
    email: str
    language: str
    time_zone: str


def asked(found: EscalationValue, reader: Addressee, house: House) -> NoteMail:
    """To a senior: take it, or say that you cannot."""
    _, names = words(reader.language).gettext, _names(found)
    says = [
        _why(found, reader.language),
        found.note,
        _("If you do not take it within 10 minutes, the next senior is asked."),
    ]
    if found.is_urgent:
        title = _("Severity %(severity)s: %(company)s needs you now") % names
    else:
        title = _("%(company)s needs a senior engineer") % names
    return _note(found, reader, house, title, says, _("See and take it"))


def alert(found: EscalationValue, reader: Addressee, house: House) -> NoteMail:
    """To administrators: a severity that wakes people, and which senior is asked or has it."""
    _, names = words(reader.language).gettext, _names(found)
    asked_now = [item.name for item in found.asks if found.asked_now(item.ask.senior_id)]
    if found.taken_by is not None:
        says = _("%(senior)s is on it already.") % names
    elif asked_now:
        says = _("%(name)s is asked to take it.") % {"name": asked_now[-1]}
    else:
        says = _("There is no senior who could be asked: find somebody.")
    title = _("Severity %(severity)s at %(company)s") % names
    return _note(found, reader, house, title, [says], _("See how it stands"))


def unanswered(found: EscalationValue, reader: Addressee, house: House) -> NoteMail:
    """To administrators: all seniors were asked, and nobody has taken it."""
    _, names = words(reader.language).gettext, _names(found)
    people = [item.name for item in found.asks if item.ask.asked_at >= found.round_at]
    if people:
        says = _("%(people)s: everybody was asked, nobody has taken it. They are asked again.")
    else:
        says = _("There is no senior who could be asked: find somebody.")
    title = _("No senior has taken it: %(company)s") % names
    told = says % {"people": ", ".join(people)}
    return _note(found, reader, house, title, [told], _("See how it stands"))


def wanted(found: EscalationValue, reader: Addressee, house: House) -> NoteMail:
    """To who serves the company: its customer wants a senior."""
    _, names = words(reader.language).gettext, _names(found)
    says = [_("%(contact)s asks for a senior engineer.") % names, found.note]
    title = _("%(company)s asks for a senior engineer") % names
    return _note(found, reader, house, title, says, _("See how it stands"))


def taken(found: EscalationValue, reader: Addressee, house: House) -> NoteMail:
    """To the specialist, and to administrators who were alerted: who has it."""
    _, names = words(reader.language).gettext, _names(found) | {"time": _time(found.taken_at, reader)}
    title = _("%(senior)s is on it: %(company)s") % names
    says = [_("%(senior)s has taken it at %(time)s.") % names]
    return _note(found, reader, house, title, says, _("See how it stands"))


def on_it(found: EscalationValue, reader: Addressee, house: House) -> NoteMail:
    """To the customer: who is on it since when."""
    _, names = words(reader.language).gettext, _names(found) | {"time": _time(found.taken_at, reader)}
    titles = found.taken_by.titles if found.taken_by else {}
    title = wording.in_language(titles, reader.language)
    names |= {"who": f"{names['senior']} ({title})" if title else names["senior"]}
    path = "chat" if found.request_id is None else f"requests/{found.conversation_public_id}"
    return NoteMail(
        organisation=house.organisation,
        title=_("%(senior)s is on it") % names,
        paragraphs=(_("%(who)s is on it since %(time)s.") % names,),
        lines=tuple(text for text in (found.subject, found.reference) if text),
        button=_("Open the conversation"),
        url=f"{house.url}/{path}",
    )


LETTERS: Mapping[str, Callable[[EscalationValue, Addressee, House], NoteMail]] = {
    "senior_asked": asked,
    "senior_alert": alert,
    "senior_unanswered": unanswered,
    "senior_wanted": wanted,
    "senior_taken": taken,
    "senior_on_it": on_it,
}


def _why(found: EscalationValue, language: str) -> str:
    _, names = words(language).gettext, _names(found)
    match found.cause:
        case Cause.CUSTOMER:
            return _("%(contact)s asks for a senior engineer.") % names
        case Cause.SPECIALIST:
            return _("%(asker)s brings in a senior engineer.") % names
    return _("A request of severity %(severity)s brings in a senior engineer by itself.") % names


def _names(found: EscalationValue) -> dict[str, str]:
    return {
        "company": found.company_name,
        "contact": found.asked_by or found.contact_name or found.company_name,
        "asker": found.asked_by,
        "severity": str(found.severity or ""),
        "senior": found.taken_by.name if found.taken_by else "",
    }


def _time(moment: datetime | None, reader: Addressee) -> str:
    if moment is None:
        return ""
    day = wording.day_plain(wording.local_date(moment, reader.time_zone), reader.language)
    return f"{wording.clock(moment, reader.time_zone)}, {day}"


def _note(
    found: EscalationValue,
    reader: Addressee,
    house: House,
    title: str,
    says: Sequence[str],
    button: str,
) -> NoteMail:
    severity = ""
    if found.severity:
        severity = words(reader.language).gettext("Severity %(severity)s") % _names(found)
    facts = (found.company_name, found.contact_name, found.subject, found.reference, severity)
    return NoteMail(
        organisation=house.organisation,
        title=title,
        paragraphs=tuple(text for text in says if text),
        lines=tuple(text for text in facts if text),
        button=button,
        url=f"{house.url}/escalations/{found.public_id}",
    )
