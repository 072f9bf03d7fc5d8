"""Sample values for the mails to our people about a request's clocks."""

from datetime import UTC, datetime

from app.desk.requests.values import ClockName
from app.desk.warnings.letter import About, Tidings, reminder_mail, tidings_mail
from app.desk.warnings.moments import News
from app.mail.pages import NoteMail

_TOLD = {"clock_warned": News.WARNING, "clock_breached": News.BREACH}
CLOCK_MAILS = frozenset({*_TOLD, "news_due"})
_DUE = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def clock_mail(name: str, subject: str, url: str, language: str, organisation: str) -> NoteMail:
    """What the mail of this name, one of CLOCK_MAILS, is made from."""
    about = About("R-1042", "Nordwind", 3, subject, url)
    if name not in _TOLD:
        return reminder_mail(about, language, organisation)
    told = Tidings(_TOLD[name], ClockName.FIRST_RESPONSE, _DUE)
    return tidings_mail(about, told, language, "Europe/Bratislava", organisation)
