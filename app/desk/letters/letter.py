"""What people are written about conversations and requests, each in their language and zone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.config import Settings
from app.desk.requests.values import ClockName, RequestValue
from app.desk.values import ConversationValue, MessageValue, Side
from app.lib import wording
from app.lib.text import unlinked
from app.mail.draft import Draft, Party
from app.mail.wording import letter, words


@dataclass(frozen=True, slots=True)
class DeskMail:
    """A mail about a conversation: sentences, what somebody said, its files by name, and what to do next."""

    organisation: str
    title: str
    paragraphs: tuple[str, ...]
    button: str
    url: str
    by: str = ""
    said: str = ""
    files: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is written to; ``reply_to`` is where their answer goes, '' where none can come."""

    user_id: int
    name: str
    email: str
    language: str
    zone: str
    is_staff: bool
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is written about: a conversation, and its request if it is one."""

    conversation: ConversationValue
    request: RequestValue | None


def opened_letter(matter: Matter, message: MessageValue, reader: Addressee, settings: Settings) -> Draft:
    """A request was opened: what it is, and by when it is answered."""
    _, request = words(reader.language).gettext, matter.request
    assert request is not None, "a conversation without a severity was opened as a request"
    facts = {"reference": request.reference, "name": message.author_name, "customer": _customer(matter)}
    if reader.is_staff:
        title = _("New request %(reference)s: %(customer)s") % facts
    elif message.side is Side.STAFF:
        title = _("%(name)s opened request %(reference)s for you") % facts
    else:
        title = _("Your request %(reference)s is open") % facts
    severity = _("Severity: %(severity)s.") % {"severity": severity_name(request.severity, reader.language)}
    mail = _mail(matter, title, (severity, *clocks_in_words(request, reader)), reader, settings)
    return _draft(matter, _with_words(mail, message, reader), message.author_name, reader, settings)


def message_letter(
    matter: Matter, messages: Sequence[MessageValue], reader: Addressee, settings: Settings
) -> Draft:
    """What was written; several messages only by one side."""
    _, last = words(reader.language).gettext, messages[-1]
    facts = {"name": last.author_name or settings.organisation, "customer": _customer(matter)}
    title = _("%(customer)s writes") % facts if reader.is_staff else _("%(name)s writes") % facts
    clocks: tuple[str, ...] = ()
    if reader.is_staff and matter.request is not None:
        clocks = clocks_in_words(matter.request, reader)
    mail = _mail(matter, title, clocks, reader, settings)
    together = replace(last, text="\n\n".join(item.text for item in messages if item.text))
    together = replace(together, files=tuple(file for item in messages for file in item.files))
    return _draft(matter, _with_words(mail, together, reader), last.author_name, reader, settings)


def severity_letter(matter: Matter, message: MessageValue, reader: Addressee, settings: Settings) -> Draft:
    """The severity was changed, and with it the clocks."""
    _, request = words(reader.language).gettext, matter.request
    assert request is not None, "only requests have a severity"
    before, after = (severity_name(message.facts.get(name), reader.language) for name in ("before", "after"))
    title = _("%(reference)s: the severity is now %(severity)s") % {
        "reference": request.reference,
        "severity": after,
    }
    told = _("%(name)s changed it; it was %(severity)s.") % {"name": message.author_name, "severity": before}
    reason = str(message.facts.get("reason", ""))
    because = (_("Reason: %(text)s") % {"text": _safe(reason, reader)},) if reason else ()
    mail = _mail(matter, title, (told, *because, *clocks_in_words(request, reader)), reader, settings)
    return _draft(matter, mail, message.author_name, reader, settings)


def solved_letter(matter: Matter, message: MessageValue, reader: Addressee, settings: Settings) -> Draft:
    """Somebody says that it is solved."""
    _, request = words(reader.language).gettext, matter.request
    assert request is not None, "only requests are solved"
    title = _("%(reference)s is solved") % {"reference": request.reference}
    told = _("%(name)s says that it is solved.") % {"name": message.author_name}
    else_ = () if reader.is_staff else (_("If it is not, write again: that opens it once more."),)
    mail = _mail(matter, title, (told, *else_), reader, settings)
    return _draft(matter, mail, message.author_name, reader, settings)


def plain_letter(
    matter: Matter, title: str, paragraphs: Sequence[str], reader: Addressee, settings: Settings
) -> Draft:
    """Sentences of the service itself about a conversation."""
    mail = _mail(matter, title, tuple(paragraphs), reader, settings)
    return _draft(matter, replace(mail, hints=()), "", reader, settings)


def clocks_in_words(request: RequestValue, reader: Addressee) -> tuple[str, ...]:
    """By when the next answer and step come, of the clocks that still run."""
    _, found = words(reader.language).gettext, []
    first, step = request.clocks[ClockName.FIRST_RESPONSE], request.clocks.get(ClockName.NEXT_STEP)
    if first.met_at is None:
        found.append(_("First answer by %(time)s.") % {"time": when(first.due_at, reader)})
    if step is None:
        found.append(_("The next step has no fixed time: we keep you informed."))
    elif step.met_at is None and request.waiting_since is None:
        found.append(_("Next step by %(time)s.") % {"time": when(step.due_at, reader)})
    return () if request.solved_at is not None else tuple(found)


def severity_name(number: object, language: str) -> str:
    """ "3 Standard" in a language; empty for none of the five."""
    _ = words(language).gettext
    names = {1: _("Critical"), 2: _("High"), 3: _("Standard"), 4: _("Bug"), 5: _("Question")}
    return f"{number} {names[number]}" if isinstance(number, int) and number in names else ""


def when(moment: datetime, reader: Addressee) -> str:
    """ "Wednesday 25 November, 16:00 (Berlin time, UTC+1)": what can stand after "by" and «до»."""
    until = wording.until(moment, reader.zone, reader.language)
    return f"{until} ({wording.zone_name(moment, reader.zone, reader.language)})"


def page_url(matter: Matter, settings: Settings, *, is_staff: bool) -> str:
    """Where somebody reads the conversation and answers."""
    if matter.request is not None:
        return f"{settings.public_url}/requests/{matter.conversation.public_id}"
    place = f"/chats/{matter.conversation.public_id}" if is_staff else "/chat"
    return f"{settings.public_url}{place}"


def subject(matter: Matter, reader: Addressee, settings: Settings) -> str:
    """The same for every mail to one reader, so that mail programs keep them together."""
    if matter.request is not None:
        return f"[{matter.request.reference}] {matter.conversation.subject}".strip()
    if reader.is_staff:
        return _customer(matter)
    text = words(reader.language).gettext("Your messages with %(organisation)s")
    return matter.conversation.subject or text % {"organisation": settings.organisation}


def _mail(
    matter: Matter, title: str, paragraphs: tuple[str, ...], reader: Addressee, settings: Settings
) -> DeskMail:
    _ = words(reader.language).gettext
    return DeskMail(
        organisation=settings.organisation,
        title=title,
        paragraphs=paragraphs,
        button=_("Open the request") if matter.request is not None else _("Open the conversation"),
        url=page_url(matter, settings, is_staff=reader.is_staff),
        hints=_hints(reader),
    )


def _hints(reader: Addressee) -> tuple[str, ...]:
    _ = words(reader.language).gettext
    if not reader.reply_to:
        return (_("Please answer on the page: answers to this mail are not read."),)
    if not reader.is_staff:
        return (_("You can answer this mail, or on the page."),)
    return (
        _("Answer this mail: your words go on to the customer and count as an answer."),
        _("With #internal as the first line they stay among us."),
    )


def _with_words(mail: DeskMail, message: MessageValue, reader: Addressee) -> DeskMail:
    names = tuple(_safe(file.name, reader) for file in message.files)
    return replace(mail, by=message.author_name, said=_safe(message.text, reader), files=names)


def _safe(text: str, reader: Addressee) -> str:
    """What customers write makes no link in our people's mail programs."""
    return unlinked(text) if reader.is_staff else text


def _customer(matter: Matter) -> str:
    found = matter.conversation
    return ", ".join(filter(None, (found.contact_name, found.company_name)))


def _draft(matter: Matter, mail: DeskMail, author: str, reader: Addressee, settings: Settings) -> Draft:
    draft = letter(
        settings,
        "desk",
        mail,
        subject(matter, reader, settings),
        Party(reader.email, reader.name),
        reader.language,
    )
    sender = Party(settings.mail_from, author or settings.organisation)
    return replace(draft, sender=sender, reply_to=reader.reply_to)
