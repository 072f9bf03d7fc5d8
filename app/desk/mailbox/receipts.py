"""What the service itself answers when a contact's mail is in: by when, and what else they can do."""

from dataclasses import dataclass
from datetime import datetime

from app.desk.letters.letter import Addressee, DeskMail, House, Matter, plain_mail, severity_name, when
from app.desk.requests.values import ClockName
from app.mail.wording import words


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand when a mail comes: ``opening`` is when business time begins next, None while it is.

    ``who`` is the name of who serves, ``runs_always``: the request's clock runs at night too.
    """

    who: str
    opening: datetime | None
    runs_always: bool


def receipt_mail(matter: Matter, standing: Standing, reader: Addressee, house: House) -> DeskMail:
    """The receipt for a mail; it promises only what is measured."""
    _ = words(reader.language).gettext
    request = matter.request
    title = _("Your mail is here")
    if request is not None:
        title = _("Your mail is here: %(reference)s") % {"reference": request.reference}
    paragraphs = [*_promise(matter, standing, reader), *_urgent(matter, standing, reader, house)]
    return plain_mail(matter, title, paragraphs, reader, house)


def too_large_mail(title: str, megabytes: int, reader: Addressee, house: House) -> DeskMail:
    """A mail was not taken in, because of its size."""
    _ = words(reader.language).gettext
    facts = {"subject": title, "size": megabytes}
    paragraphs = (
        _("“%(subject)s” has %(size)s MB, and more than 20 MB are not taken in.") % facts,
        _("Please send the files in several mails, or add them on the page."),
    )
    return DeskMail(house.organisation, _("Your mail was too large"), paragraphs, "", "")


def not_entitled_mail(reader: Addressee, house: House) -> DeskMail:
    """A mail was not taken in, because its sender's company has not booked the service."""
    _ = words(reader.language).gettext
    paragraphs = (
        _("Your company has not booked a dedicated specialist, so nobody promises an answer here."),
        _("Please write to our standard support: %(address)s") % {"address": house.standard_email},
    )
    return DeskMail(house.organisation, _("Your mail was not taken in"), paragraphs, "", "")


def astray_mail(title: str, reader: Addressee, house: House) -> DeskMail:
    """To one of us: what they wrote became no message, so no customer has it."""
    _ = words(reader.language).gettext
    paragraphs = (
        _("“%(subject)s” answers no conversation that you may write in, or it has no words of its own.")
        % {"subject": title},
        _("No customer has read it. Answer a mail about the conversation, or write on its page."),
    )
    return DeskMail(house.organisation, _("Your mail has reached nobody"), paragraphs, "", "")


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


def _urgent(matter: Matter, standing: Standing, reader: Addressee, house: House) -> list[str]:
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
        found.append(text % {"url": f"{house.url}/requests/new"})
    places = ", ".join(filter(None, (house.standard_chat_url, house.standard_email)))
    if standing.opening is not None and places:
        found.append(_("Our standard support is there around the clock: %(places)s") % {"places": places})
    return found
