"""What the service could not do, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.values import UnsentLink
from app.admin.pages import FailedJob
from app.booking.in_words import Reader, day_and_time
from app.jobs.values import FailedWork
from app.mail.values import GivenUp

MAIL, WORK, LINK = "mail", "work", "link"


@dataclass(frozen=True, slots=True)
class Failed:
    """Mails that were given up, durable work that ended in an error, sign-in links that were not mailed."""

    mails: Sequence[GivenUp] = ()
    work: Sequence[FailedWork] = ()
    links: Sequence[UnsentLink] = ()


def failed_jobs(failed: Failed, reader: Reader) -> tuple[FailedJob, ...]:
    """All of them, those that keep somebody out first."""
    return (
        *(_link(item, reader) for item in failed.links),
        *(_work(item, reader) for item in failed.work),
        *(_mail(item, reader) for item in failed.mails),
    )


def _link(item: UnsentLink, reader: Reader) -> FailedJob:
    title = _("Sign-in mail to %(email)s was not sent", email=item.email)
    said = item.said or _("The mail server was not reached.")
    advice = "" if item.can_go else _("The link has ended: they have to ask for a new one.")
    detail = " · ".join(filter(None, (day_and_time(item.at, reader), said, advice)))
    return FailedJob(title, detail, LINK if item.can_go else "", str(item.id))


def _work(item: FailedWork, reader: Reader) -> FailedJob:
    names = {
        "booking": _("Writing a call into a calendar failed"),
        "hours": _("Writing working hours failed"),
        "lookup": _("Looking up a calendar server failed"),
        "quiet": _("Looking at a calendar server failed"),
        "sign_in": _("Mailing a sign-in link failed"),
    }
    title = names.get(item.handler, _("Work failed: %(name)s", name=item.handler or item.key))
    detail = " · ".join(filter(None, (day_and_time(item.since, reader), item.said)))
    return FailedJob(title, detail, WORK, item.key)


def _mail(item: GivenUp, reader: Reader) -> FailedJob:
    title = _("Mail to %(email)s was not sent: %(subject)s", email=item.recipient, subject=item.subject)
    detail = " · ".join(filter(None, (day_and_time(item.at, reader), item.said)))
    return FailedJob(title, detail, MAIL if item.can_go else "", str(item.id))
