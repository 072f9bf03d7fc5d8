"""Receipts: one for each person, conversation and day or night, never to a program (RFC 3834)."""

from dataclasses import replace
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
from app.desk.letters.letter import Addressee, DeskMail, Matter, draft_of, house_of
from app.desk.letters.service import post_to
from app.desk.mailbox import queries
from app.desk.mailbox.addresses import reply_address
from app.desk.mailbox.letter import Letter, read_letter
from app.desk.mailbox.receipts import (
    Standing,
    astray_mail,
    not_entitled_mail,
    receipt_mail,
    too_large_mail,
)
from app.desk.requests import queries as requests
from app.desk.values import ConversationValue
from app.lib.zones import local
from app.mail.draft import Party
from app.mail.service import post
from app.mail.values import Received
from app.mail.wording import letter as write_letter
from app.settings.values import Clock

_MOST_A_DAY = 10
_MEGABYTE = 1 << 20


def post_receipt(
    session: Session,
    now: datetime,
    settings: Settings,
    person: SignedIn,
    conversation: ConversationValue,
    letter: Letter,
) -> None:
    """Answer a contact whose mail was taken in, unless a program wrote it or they were answered today."""
    if not letter.may_be_answered:
        return
    if queries.receipts_of_a_day(session, now, person.email, "desk:receipt:%") >= _MOST_A_DAY:
        return
    matter = letters.matter_of(session, conversation)
    standing, mark = _standing(session, now, settings, matter)
    reader = replace(_addressee(person), reply_to=reply_address(settings, conversation.id, person.email))
    mail = receipt_mail(matter, standing, reader, house_of(settings))
    draft = draft_of(matter, mail, "", reader, settings)
    draft = replace(draft, answers=letter.message_id, is_automatic_answer=True)
    post_to(session, now, conversation, f"desk:receipt:{conversation.id}:{person.id}:{mark}", reader, draft)


def tell_too_large(
    session: Session, now: datetime, settings: Settings, person: SignedIn, received: Received
) -> None:
    """A mail was not taken in, because it is too large; a program is not told so."""
    head = read_letter(received.content)
    if received.mail.is_automatic or head is None or not head.may_be_answered:
        return
    reader, megabytes = _addressee(person), round(received.size / _MEGABYTE)
    mail = too_large_mail(received.mail.subject, megabytes, reader, house_of(settings))
    _post(session, now, settings, f"desk:too_large:{received.identity}", reader, mail)


def tell_not_entitled(
    session: Session, now: datetime, settings: Settings, person: SignedIn, letter: Letter
) -> None:
    """A mail was not taken in, because the company has not booked the service; once a day."""
    if not letter.may_be_answered:
        return
    reader = _addressee(person)
    mail = not_entitled_mail(reader, house_of(settings))
    _post(session, now, settings, f"desk:not_entitled:{person.id}:{now:%Y%m%d}", reader, mail)


def tell_astray(
    session: Session, now: datetime, settings: Settings, person: SignedIn, received: Received
) -> None:
    """A mail of one of us became no message: they are not to believe that the customer has it."""
    if queries.receipts_of_a_day(session, now, person.email, "desk:astray:%") < _MOST_A_DAY:
        reader = _addressee(person)
        mail = astray_mail(received.mail.subject, reader, house_of(settings))
        _post(session, now, settings, f"desk:astray:{received.identity}", reader, mail)


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


def _post(
    session: Session, now: datetime, settings: Settings, key: str, reader: Addressee, mail: DeskMail
) -> None:
    party = Party(reader.email, reader.name)
    draft = write_letter(settings, "desk", mail, mail.title, party, reader.language)
    post(session, now, key, f"desk:not_taken:{reader.user_id}", replace(draft, is_automatic_answer=True))


def _addressee(person: SignedIn) -> Addressee:
    is_staff = person.role != CONTACT
    return Addressee(person.id, person.name, person.email, person.language, person.time_zone, is_staff)
