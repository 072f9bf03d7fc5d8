"""The mails to our people about a request: a clock runs out soon, or ran out; its customer had no news."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.values import SignedIn
from app.config import Settings
from app.desk.requests.values import ClockName, RequestValue
from app.desk.warnings.moments import News
from app.lib import wording
from app.mail.draft import Draft, Party
from app.mail.pages import NoteMail
from app.mail.wording import letter, words


@dataclass(frozen=True, slots=True)
class Tidings:
    """What is told of a clock; ``is_met``: it was met, though too late."""

    what: News
    clock: ClockName
    due_at: datetime
    is_met: bool = False


def write_tidings(request: RequestValue, told: Tidings, reader: SignedIn, settings: Settings) -> Draft:
    """The mail about a clock, in its reader's language and zone."""
    say = words(reader.language).gettext
    is_first = told.clock is ClockName.FIRST_RESPONSE
    due = wording.until(told.due_at, reader.time_zone, reader.language)
    if told.what is News.WARNING:
        title = say("The first answer is due soon") if is_first else say("The next step is due soon")
        texts = [say("It is due by %(time)s.")]
    else:
        title = _breach_title(told, reader.language)
        texts = [
            say("It was due by %(time)s."),
            say("Write the reason on the request's page. The customer sees it in the monthly report."),
        ]
    zone = wording.zone_name(told.due_at, reader.time_zone, reader.language)
    texts[0] = texts[0] % {"time": f"{due} ({zone})"}
    return _draft(request, title, texts, reader, settings)


def write_reminder(request: RequestValue, reader: SignedIn, settings: Settings) -> Draft:
    """The mail about a tracked request whose customer had no news for a business day."""
    say = words(reader.language).gettext
    title = say("The customer had no news for a business day")
    texts = [
        say("Write how it stands, even if little is new."),
        say("We remind you again after the next business day without news."),
    ]
    return _draft(request, title, texts, reader, settings)


def _breach_title(told: Tidings, language: str) -> str:
    say = words(language).gettext
    if told.clock is ClockName.FIRST_RESPONSE:
        return say("The first answer came late") if told.is_met else say("The first answer is overdue")
    return say("The next step came late") if told.is_met else say("The next step is overdue")


def _draft(
    request: RequestValue, title: str, texts: list[str], reader: SignedIn, settings: Settings
) -> Draft:
    say, talk = words(reader.language).gettext, request.conversation
    about = say("%(reference)s, %(company)s, severity %(severity)s: %(subject)s") % {
        "reference": request.reference,
        "company": talk.company_name,
        "severity": request.severity,
        "subject": talk.subject,
    }
    mail = NoteMail(
        organisation=settings.organisation,
        title=title,
        paragraphs=(about, *texts),
        button=say("Open the request"),
        url=f"{settings.public_url}/requests/{talk.public_id}",
    )
    subject = f"{request.reference}, {talk.company_name}: {title}"
    return letter(settings, "note", mail, subject, Party(reader.email, reader.name), reader.language)
