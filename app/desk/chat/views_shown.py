"""Gathers what a chat shows, for whichever side looks at it; ``chat_id`` is None for a contact's own."""

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for

from app.accounts.guards import current_settings, locale_of, signed_in_user
from app.accounts.values import CONTACT
from app.availability import service as availability
from app.availability.presence import UNKNOWN
from app.booking.in_words import Reader
from app.customers import service as customers
from app.customers.profiles import ContactProfile
from app.desk.chat import queries
from app.desk.chat.chat_page import Addresses, Expected, Shown, Typed, chat_page, chat_part
from app.desk.chat.forms import asked_number
from app.desk.chat.live import browsers_key
from app.desk.chat.pages import ChatPart
from app.desk.escalations.views_shared import panel_of
from app.desk.queries import find, messages
from app.desk.values import ConversationValue
from app.lib import clock
from app.lib.db import db
from app.lib.tokens import new_public_id
from app.lib.zones import local

PAGE = 50


def chat_of(chat_id: str | None) -> ConversationValue | None:
    """The chat that is asked for; None for a contact's own before its first message.

    Raises NotFound, and NotEntitled for contacts without the option.
    """
    if chat_id is not None:
        return _seen(chat_id)
    return queries.own_chat(db.session(), _entitled_contact().user_id)


def _seen(public_id: str) -> ConversationValue:
    return find(db.session(), clock.now(), current_settings(), signed_in_user(), public_id)


def _entitled_contact() -> ContactProfile:
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    contact = customers.contact_profile(session, user.id)
    customers.require_entitled(contact, now, settings)
    return contact


def shown_page(chat_id: str | None, problem: str = "") -> str:
    """The whole page: the last messages, or those before a number; with a ``problem`` what was typed, too."""
    before = asked_number(request.args.get("before", "")) if request.method == "GET" else 0
    found = _shown(chat_id, before=before or None, most=PAGE + 1)
    if len(found.messages) > PAGE:
        found = replace(found, messages=found.messages[1:], has_earlier=True)
    typed = Typed(new_public_id(), request.form.get("text", "") if problem else "", problem)
    page = chat_page(
        replace(found, is_earlier=bool(before)),
        _addresses(chat_id, found.conversation.public_id if found.conversation else ""),
        typed,
        _file_url,
        is_sent="sent" in request.args,
    )
    escalation = panel_of(found.conversation) if found.conversation else None
    return render_template("desk/chat.html", page=page, escalation=escalation)


def shown_part(chat_id: str | None, after: int, of: str) -> tuple[int | None, ChatPart]:
    """The messages above a number and how the chat stands; also the conversation's id, if there is one.

    ``of`` is the conversation that the browser shows. When it was made a request meanwhile, the contact's
    chat is another one: all of that is answered, and where the request is.
    """
    own = queries.own_tip(db.session(), signed_in_user().id) if chat_id is None and of else None
    is_other = chat_id is None and bool(of) and (own is None or own.public_id != of)
    # Raises NotFound in the page of somebody else who was signed in here before.
    request_url = url_for("requests.show", conversation_id=_seen(of).public_id) if is_other else ""
    found = _shown(chat_id, after=0 if is_other else after)
    return found.conversation.id if found.conversation else None, chat_part(found, _file_url, request_url)


def _shown(
    chat_id: str | None, *, after: int = 0, before: int | None = None, most: int | None = None
) -> Shown:
    session, now, settings, user = db.session(), clock.now(), current_settings(), signed_in_user()
    contact = _entitled_contact() if chat_id is None else None
    # What is read first is how far the conversation goes: no message up to there is missing in what follows.
    chat = chat_of(chat_id) if contact is None else queries.own_chat(session, contact.user_id)
    found = []
    if chat is not None:
        found = messages(
            session, chat.id, for_staff=user.role != CONTACT, after=after, before=before, most=most
        )
    keys = [browsers_key(user.id, message.key) for message in found]
    return Shown(
        now=now,
        viewer=user,
        reader=Reader(locale_of(), user.time_zone, settings.service_time_zone),
        conversation=chat,
        messages=found,
        last=max(chat.last_number if chat else 0, found[-1].number if found else 0),
        kept=[key for key in keys if key],
        expected=_expected(contact.company_id) if contact else None,
    )


def _expected(company_id: int) -> Expected:
    """What a contact can expect now; raises NoSpecialist."""
    session, now, settings = db.session(), clock.now(), current_settings()
    served = customers.serving(session, company_id, local(now, settings.service_time_zone).date())
    presence = availability.presence(session, now, settings, served.by, locale_of()) if served.by else UNKNOWN
    return Expected(served, presence, settings.standard_chat_url, settings.standard_email)


def _file_url(number: str) -> str:
    return url_for("files.download", file_id=number)


def _addresses(chat_id: str | None, public_id: str) -> Addresses:
    make = url_for("requests.make", conversation_id=public_id) if public_id else ""
    theirs: dict[str, Any] = {} if chat_id is None else {"chat_id": chat_id}
    names = ("chat_of_contact", "messages_of_contact", "seen_by_staff", "transcript_for_staff")
    if chat_id is None:
        names = ("chat", "messages", "seen", "transcript")
    page, messages, seen, transcript = (url_for(f"chat.{name}", **theirs) for name in names)
    return Addresses(page, messages, seen, transcript, make)
