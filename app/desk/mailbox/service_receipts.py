"""Receipts: one for each conversation and day or night, never to a program (RFC 3834)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import CONTACT, SignedIn
from app.availability.queries import own_days
from app.config import Settings
from app.customers.errors import NoSpecialist
from app.customers.service import serving
from app.desk import sla
from app.desk.hours import next_opening
from app.desk.letters import queries as letters
from app.desk.letters.letter import Addressee, Matter
from app.desk.letters.service import post_to
from app.desk.mailbox import queries
from app.desk.mailbox.letter import Letter
from app.desk.mailbox.receipts import Standing, not_taken, receipt
from app.desk.requests import queries as requests
from app.desk.values import ConversationValue
from app.lib.zones import local
from app.mail.draft import Draft
from app.mail.service import post
from app.mail.values import Received
from app.mail.wording import words
from app.settings.values import Clock

_MOST_A_DAY = 10
_MEGABYTE = 1 << 20


def post_receipt(
    session: Session, now: datetime, settings: Settings, conversation: ConversationValue, letter: Letter
) -> None:
    """Answer a contact's mail that was taken in, unless a program wrote it or it was answered today."""
    if not letter.may_be_answered:
        return
    matter = letters.matter_of(session, conversation)
    standing, mark = _standing(session, now, settings, matter)
    for reader in letters.contact_of(session, settings, conversation):
        if queries.receipts_of_a_day(session, now, reader.email, "desk:receipt:%") >= _MOST_A_DAY:
            continue
        draft = receipt(matter, standing, reader, settings, letter.message_id)
        post_to(session, now, conversation, f"desk:receipt:{conversation.id}:{mark}", reader, draft)


def tell_too_large(
    session: Session, now: datetime, settings: Settings, person: SignedIn, received: Received
) -> None:
    """A mail was not taken in, because it is too large."""
    _ = words(person.language).gettext
    size = {"size": round(received.size / _MEGABYTE), "subject": received.mail.subject}
    paragraphs = (
        _("“%(subject)s” has %(size)s MB, and more than 20 MB are not taken in.") % size,
        _("Please send the files in several mails, or add them on the page."),
    )
    reader = _addressee(person)
    draft = not_taken(_("Your mail was too large"), paragraphs, reader, settings)
    _post(session, now, f"desk:too_large:{received.identity}", reader, draft)


def tell_not_entitled(
    session: Session, now: datetime, settings: Settings, person: SignedIn, letter: Letter
) -> None:
    """A mail was not taken in, because the company has not booked the service; once a day."""
    if not letter.may_be_answered:
        return
    _ = words(person.language).gettext
    paragraphs = (
        _("Your company has not booked a dedicated specialist, so nobody promises an answer here."),
        _("Please write to our standard support: %(address)s") % {"address": settings.standard_email},
    )
    reader = _addressee(person)
    draft = not_taken(_("Your mail was not taken in"), paragraphs, reader, settings)
    _post(session, now, f"desk:not_entitled:{person.id}:{now:%Y%m%d}", reader, draft)


def _standing(session: Session, now: datetime, settings: Settings, matter: Matter) -> tuple[Standing, str]:
    """How things stand, and what tells this day or night from others."""
    today = local(now, settings.service_time_zone).date()
    try:
        who = serving(session, matter.conversation.company_id, today).person.name
    except NoSpecialist:
        who = settings.organisation
    request = matter.request
    policy = sla.policy_of(settings, own_days(session))
    if request is not None:
        policy = requests.policy(session, request.policy_id)
    opening = next_opening(sla.business(policy), now)
    severity = request.severity if request is not None else 0
    clocks = [item.clock for item in policy.response_times if item.severity == severity]
    is_wall = Clock.WALL in clocks
    if opening == now:
        return Standing(who, None, is_wall), f"open:{today:%Y%m%d}"
    return Standing(who, opening, is_wall), f"closed:{opening:%Y%m%d}"


def _post(session: Session, now: datetime, key: str, reader: Addressee, draft: Draft) -> None:
    post(session, now, key, f"desk:not_taken:{reader.user_id}", draft)


def _addressee(person: SignedIn) -> Addressee:
    is_staff = person.role != CONTACT
    return Addressee(person.id, person.name, person.email, person.language, person.time_zone, is_staff)
