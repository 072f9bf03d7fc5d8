"""The demo's mail pages: what would have been sent.

They show sign-in links, so they are for this machine alone.
"""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, current_user, locale_of, public
from app.demo.mailbox import StoredMail, pieces, read_mail
from app.lib import wording
from app.lib.addresses import is_loopback
from app.mail.pages import MailPage, MailRow

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

_MOST = 200


@blueprint.before_request
def _only_this_machine() -> None:
    """Raises NotFound for everybody else: by address, by proxy, or by a name that was made to mean us."""
    is_forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP"))
    host = urlsplit(f"//{request.host}").hostname or ""
    if is_forwarded or not is_loopback(request.remote_addr or "") or not is_loopback(host):
        raise NotFound("the demo's mail is for this machine alone")


@blueprint.get("/mail")
@public
def mail_list() -> str:
    """All mails, newest first."""
    return render_template("demo/mail_list.html", mails=tuple(_row(path) for path in _files()[:_MOST]))


@blueprint.get("/mail/<mail_id>")
@public
def mail_message(mail_id: str) -> str:
    """One mail: its text and the calendar part as it stands."""
    path = next((path for path in _files() if path.stem == mail_id), None)
    if path is None:
        raise NotFound(f"no mail {mail_id!r}")
    mail = read_mail(path.read_bytes())
    page = MailPage(
        subject=mail.subject,
        sender=mail.sender,
        recipient=mail.recipient,
        at=_at(mail),
        text=pieces(mail.text),
        calendar=mail.calendar,
        calendar_method=mail.calendar_method,
    )
    return render_template("demo/mail_message.html", mail=page)


def _files() -> list[Path]:
    settings = current_settings()
    newest_first = sorted(
        ((path.stat().st_mtime, path) for path in settings.mail_dir.glob("*.eml")), reverse=True
    )
    return [path for _age, path in newest_first]


def _row(path: Path) -> MailRow:
    mail = read_mail(path.read_bytes())
    return MailRow(path.stem, mail.subject, mail.recipient, _at(mail))


def _at(mail: StoredMail) -> str:
    if mail.at is None or mail.at.tzinfo is None:
        return ""
    settings = current_settings()
    user = current_user()
    zone = user.time_zone if user else settings.service_time_zone
    day = wording.day_short(wording.local_date(mail.at, zone), locale_of())
    return f"{day}, {wording.clock(mail.at, zone)}"
