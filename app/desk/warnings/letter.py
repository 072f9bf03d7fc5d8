"""The mails to our people about a request: a clock runs out soon, or ran out; its customer had no news."""

from collections.abc import Sequence
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
class About:
    """The request that a mail is about."""

    reference: str
    company: str
    severity: int
    subject: str
    url: str


@dataclass(frozen=True, slots=True)
class Tidings:
    """What is told of a clock; ``is_met``: it was met, though too late."""

    what: News
    clock: ClockName
    due_at: datetime
    is_met: bool = False


def write_tidings(request: RequestValue, told: Tidings, reader: SignedIn, settings: Settings) -> Draft:
    """The mail about a clock, in its reader's language and zone."""
    about = _about(request, settings)
    mail = tidings_mail(about, told, reader.language, reader.time_zone, settings.organisation)
    return _draft(about, mail, reader, settings)


def write_reminder(request: RequestValue, reader: SignedIn, settings: Settings) -> Draft:
    """The mail about a tracked request whose customer had no news for a business day."""
    about = _about(request, settings)
    return _draft(about, reminder_mail(about, reader.language, settings.organisation), reader, settings)


def tidings_mail(about: About, told: Tidings, language: str, zone: str, organisation: str) -> NoteMail:
    """What a mail about a clock says."""
    say = words(language)
    due = wording.until(told.due_at, zone, language)
    time = f"{due} ({wording.zone_name(told.due_at, zone, language)})"
    if told.what is News.WARNING:
        texts = [say.gettext("It is due by %(time)s.") % {"time": time}]
    else:
        texts = [
            say.gettext("It was due by %(time)s.") % {"time": time},
            say.gettext(
                "Write the reason on the request's page. The customer reads it in the monthly report."
            ),
        ]
    return _note(about, _title(told, language), texts, language, organisation)


def reminder_mail(about: About, language: str, organisation: str) -> NoteMail:
    """What a reminder of a tracked request says."""
    say = words(language)
    texts = [
        say.gettext("Write how it stands, even if little is new."),
        say.gettext("We remind you again after the next business day without news."),
    ]
    title = say.gettext("The customer had no news for a business day")
    return _note(about, title, texts, language, organisation)


def _title(told: Tidings, language: str) -> str:
    say, is_first = words(language), told.clock is ClockName.FIRST_RESPONSE
    if told.what is News.WARNING:
        return (
            say.gettext("The first answer is due soon")
            if is_first
            else say.gettext("The next step is due soon")
        )
    if told.is_met:
        return (
            say.gettext("The first answer came late") if is_first else say.gettext("The next step came late")
        )
    return say.gettext("The first answer is overdue") if is_first else say.gettext("The next step is overdue")


def _note(about: About, title: str, texts: Sequence[str], language: str, organisation: str) -> NoteMail:
    say = words(language)
    which = say.gettext("%(reference)s, %(company)s, severity %(severity)s: %(subject)s") % {
        "reference": about.reference,
        "company": about.company,
        "severity": about.severity,
        "subject": about.subject,
    }
    button = say.gettext("Open the request")
    return NoteMail(organisation, title, (which, *texts), button=button, url=about.url)


def _about(request: RequestValue, settings: Settings) -> About:
    talk = request.conversation
    url = f"{settings.public_url}/requests/{talk.public_id}"
    return About(request.reference, talk.company_name, request.severity, talk.subject, url)


def _draft(about: About, mail: NoteMail, reader: SignedIn, settings: Settings) -> Draft:
    subject = f"{about.reference}, {about.company}: {mail.title}"
    return letter(settings, "note", mail, subject, Party(reader.email, reader.name), reader.language)
