"""Mails the sign-in links that were asked for, and notes which sessions have ended."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.links import LINK_LIFETIME
from app.accounts.service_unsent import note_refused
from app.accounts.values import SignedIn
from app.config import Settings
from app.jobs.jobs import backoff
from app.lib import clock
from app.lib.db import write
from app.lib.tokens import new_token
from app.mail import client
from app.mail.draft import Party, new_message_id, to_bytes
from app.mail.errors import NotSent, Refused
from app.mail.pages import SignInMail
from app.mail.wording import letter, words


def mail_link(session: Session, settings: Settings, link_id: int, attempt: int) -> timedelta | None:
    """Mint the token of a link and mail it; None when done or when there is nobody to mail to.

    It does not go through the table of outgoing mail, which would keep the link in clear. Each attempt
    mints a new token, so of several mails that arrive after trouble the last one works.
    """
    now = clock.now()
    minted = write(session, [], lambda s: service.mint_asked_link(s, now, settings, link_id))
    if minted is None:
        return None
    content = compose(settings, now, *minted)
    try:
        client.send(settings, content, settings.mail_from, minted[0].email)
    except NotSent:
        return backoff(attempt)
    except Refused as trouble:
        said = str(trouble)
        write(session, [], lambda s: note_refused(s, clock.now(), minted[0], link_id, said))
        return None
    write(session, [], lambda s: service.note_mailed(s, clock.now(), link_id))
    return None


def compose(settings: Settings, now: datetime, owner: SignedIn, address: str) -> bytes:
    """The mail with a sign-in link, in its reader's language."""
    minutes = int(LINK_LIFETIME.total_seconds() // 60)
    mail = SignInMail(settings.organisation, address, minutes)
    title = words(owner.language).gettext("Sign in to %(organisation)s")
    subject = title % {"organisation": settings.organisation}
    draft = letter(settings, "sign_in", mail, subject, Party(owner.email, owner.name), owner.language)
    return to_bytes(draft, new_message_id(new_token(), settings.mail_from), "", now)


def tidy(session: Session, _settings: Settings, now: datetime) -> None:
    """The periodic pass that writes down which sessions ran out."""
    write(session, [], lambda s: service.end_run_out(s, now))
