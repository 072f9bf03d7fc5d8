"""What the service itself answers when a contact's mail is in: by when, and what else they can do."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.config import Settings
from app.desk.letters.letter import Addressee, DeskMail, Matter, plain_letter, severity_name, when
from app.desk.requests.values import ClockName
from app.mail.draft import Draft, Party
from app.mail.wording import letter, words


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand when a mail comes: ``opening`` is when business time begins next, None while it is.

    ``who`` is the name of who serves, ``runs_always``: the request's clock runs at night too.
    """

    who: str
    opening: datetime | None
    runs_always: bool


def receipt(matter: Matter, standing: Standing, reader: Addressee, settings: Settings, answers: str) -> Draft:
    """The receipt for a mail; it promises only what is measured. ``answers`` is that mail's Message-ID."""
    _ = words(reader.language).gettext
    request = matter.request
    title = _("Your mail is here")
    if request is not None:
        title = _("Your mail is here: %(reference)s") % {"reference": request.reference}
    paragraphs = [*_promise(matter, standing, reader), *_urgent(matter, standing, reader, settings)]
    draft = plain_letter(matter, title, paragraphs, reader, settings)
    return replace(draft, answers=answers, is_automatic_answer=True)


def not_taken(title: str, paragraphs: tuple[str, ...], reader: Addressee, settings: Settings) -> Draft:
    """A mail was not taken in, and why."""
    mail = DeskMail(settings.organisation, title, paragraphs, "", "")
    party = Party(reader.email, reader.name)
    return replace(letter(settings, "desk", mail, title, party, reader.language), is_automatic_answer=True)


def _promise(matter: Matter, standing: Standing, reader: Addressee) -> list[str]:
    _ = words(reader.language).gettext
    request, found = matter.request, []
    is_closed = standing.opening is not None and not standing.runs_always
    if is_closed and standing.opening is not None:
        found.append(
            _("We are closed now, and nobody promises an answer before %(time)s.")
            % {"time": when(standing.opening, reader)}
        )
    first = request.clocks[ClockName.FIRST_RESPONSE] if request is not None else None
    if first is not None and first.met_at is None:
        found.append(
            _("%(name)s answers by %(time)s.") % {"name": standing.who, "time": when(first.due_at, reader)}
        )
    elif not is_closed:
        found.append(_("%(name)s has it.") % {"name": standing.who})
    return found


def _urgent(matter: Matter, standing: Standing, reader: Addressee, settings: Settings) -> list[str]:
    """What to do when it cannot wait."""
    _ = words(reader.language).gettext
    request, found = matter.request, []
    if request is not None and not standing.runs_always:
        text = _(
            "It has severity %(severity)s. If a service is down or hardly usable, say so on the page of the "
            "request: severities 1 and 2 are answered at any hour."
        )
        found.append(text % {"severity": severity_name(request.severity, reader.language)})
    if request is None:
        text = _("A message has no due time. Whoever needs one opens a request: %(url)s")
        found.append(text % {"url": f"{settings.public_url}/requests/new"})
    places = ", ".join(filter(None, (settings.standard_chat_url, settings.standard_email)))
    if standing.opening is not None and places:
        found.append(_("Our standard support is there round the clock: %(places)s") % {"places": places})
    return found
