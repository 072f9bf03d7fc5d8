"""The periodic pass over the service's mailbox."""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.booking.answers import queries, service
from app.booking.answers.service_intake import Taker, note_failed, specialists_concerned, take
from app.booking.answers.service_mailbox import mailbox_trouble, note_found, note_lost
from app.config import Settings
from app.invites.replies import Outcome
from app.lib.db import Busy, write
from app.mail.client_imap import Mailbox, open_mailbox
from app.mail.errors import NotFetched
from app.mail.incoming import HEAD, LARGEST, read_mail
from app.mail.service_incoming import identity_of, known_outcome
from app.mail.values import Received

log = logging.getLogger(__name__)

# Of what people write, with their files; answers of programs are much smaller.
_LARGEST_WORDS = 20 * 1024 * 1024
_A_PASS = 50
_MOST_FAILURES = 5
# What a person should read: the others are done with.
_FOR_PEOPLE = frozenset({Outcome.WORDS, Outcome.FAILED, Outcome.TOO_LARGE, Outcome.UNREADABLE})


def answers_pass(session: Session, settings: Settings, now: datetime, taker: Taker | None = None) -> None:
    """Take what came into the mailbox: each message once, and marked only when its outcome is committed.

    One that cannot be taken now stays unread for the next pass and stops no other. What holds no answer to an
    invitation goes to ``taker``, whole up to 20 MiB; without one it waits in the mailbox for people.
    """
    if queries.overtaken_proposals(session, now):
        write(session, [], lambda s: service.settle_overtaken(s, now))
    session.rollback()
    if not settings.reads_answers:
        return
    try:
        with open_mailbox(settings) as mailbox:
            _take_all(session, settings, now, mailbox, taker)
    except NotFetched as trouble:
        said = str(trouble)
        log.warning("answers to invitations were not read: %s", said)
        if mailbox_trouble(session) is None:
            write(session, [], lambda s: note_lost(s, now, said))
        return
    if mailbox_trouble(session) is not None:
        write(session, [], lambda s: note_found(s, now))


def _take_all(
    session: Session, settings: Settings, now: datetime, mailbox: Mailbox, taker: Taker | None
) -> None:
    """One message that the server does not give out stops no other; several of them, or a dead link, do."""
    failures = 0
    for uid in mailbox.unread(_A_PASS):
        try:
            _take_one(session, settings, now, mailbox, uid, taker)
        except NotFetched:
            failures += 1
            if failures > _MOST_FAILURES:
                raise
            log.warning("message %s of the mailbox was not read", uid, exc_info=True)


def _take_one(
    session: Session, settings: Settings, now: datetime, mailbox: Mailbox, uid: str, taker: Taker | None
) -> None:
    size = mailbox.size(uid)
    content = mailbox.content(uid, HEAD if size > LARGEST else LARGEST)
    if not content:
        # Deleted meanwhile, or there is nothing in it.
        mailbox.mark(uid)
        return
    mail = read_mail(content, settings.mail_authserv_id)
    identity = identity_of(mail, size, content)
    if taker is not None and LARGEST < size <= _LARGEST_WORDS and not mail.is_automatic:
        content = mailbox.content(uid, size)
    outcome = _outcome(session, settings, now, Received(identity, size, mail, content), taker)
    if outcome is not None:
        log.info("a mail to the service was judged: %s", outcome)
        mailbox.mark(uid, for_people=outcome in _FOR_PEOPLE)


def _outcome(
    session: Session, settings: Settings, now: datetime, received: Received, taker: Taker | None
) -> Outcome | None:
    """What became of a message; None when it has to be tried again."""
    try:
        people = specialists_concerned(session, received)
        return write(session, people, lambda s: take(s, now, settings, received, taker))
    except (Busy, OperationalError):
        log.warning("a mail to the service waits for the database")
        session.rollback()
        return None
    except Exception as error:
        session.rollback()
        if isinstance(error, IntegrityError) and (known := known_outcome(session, received.identity)):
            # Another worker was faster.
            return Outcome(known)
        log.exception("a mail to the service could not be judged")
        detail = type(error).__name__
        return write(session, [], lambda s: note_failed(s, now, received, detail))
