"""The periodic pass that sends what was posted."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.lib import clock
from app.lib.crashpoints import reached
from app.lib.db import write
from app.mail import client, service
from app.mail.errors import NotSent, Refused

log = logging.getLogger(__name__)

_A_PASS = 50


def mail_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Send every mail that is due, each thread in its order; what fails waits for its next attempt.

    A pass ends at the first mail that the server did not take for now: the others wait for the next pass,
    so that one dead server costs a pass one time-out and not fifty.
    """
    mails = service.due(session, now, _A_PASS)
    session.rollback()
    for mail_id in mails:
        if not _send_one(session, settings, mail_id):
            return


def _send_one(session: Session, settings: Settings, mail_id: int) -> bool:
    claimed = write(session, [], lambda s: service.claim(s, clock.now(), mail_id))
    if claimed is None:
        return True
    reached("mail_claimed")
    content, recipient = claimed
    try:
        client.send(settings, content, settings.mail_from, recipient)
    except NotSent as trouble:
        detail = str(trouble)
        log.warning("mail %s not sent: %s", mail_id, detail)
        write(session, [], lambda s: service.note_failed(s, clock.now(), mail_id, detail))
        return False
    except Refused as trouble:
        detail = str(trouble)
        log.warning("mail %s refused: %s", mail_id, detail)
        write(session, [], lambda s: service.note_refused(s, mail_id, detail))
        return True
    write(session, [], lambda s: service.note_sent(s, clock.now(), mail_id))
    reached("mail_recorded")
    return True
