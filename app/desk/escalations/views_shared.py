"""What other pages of the desk show of level 2."""

from flask import url_for

from app.accounts.guards import current_settings, locale_of, signed_in_user
from app.accounts.rights import Right, may
from app.accounts.values import CONTACT
from app.booking.in_words import Reader
from app.desk.escalations import queries
from app.desk.escalations.escalation_page import panel
from app.desk.escalations.pages import EscalationPanel
from app.desk.escalations.values import EscalationValue
from app.desk.values import ConversationValue
from app.lib import clock
from app.lib.db import db
from app.settings.values import Feature


def reader() -> Reader:
    """Who reads the page."""
    user = signed_in_user()
    return Reader(locale_of(), user.time_zone, current_settings().service_time_zone)


def panel_of(conversation: ConversationValue, *, is_solved: bool = False) -> EscalationPanel:
    """How it stands with level 2 in a conversation, for ``desk/_escalation.html``; two queries."""
    found, user = queries.of_conversation(db.session(), conversation.id), signed_in_user()
    urls = {"page": url_for("escalations.show", escalation_id=found.public_id)} if found else {}
    if may(user.role, Right.WRITE_DESK) and not is_solved and (user.is_staff or _offers_seniors()):
        urls["ask"] = url_for("escalations.ask", conversation_id=conversation.public_id)
    if found and found.taken_by and user.role == CONTACT and _offers_seniors():
        urls["book"] = url_for("booking.week", senior=found.taken_by.public_id, topic=_topic(found))
    return panel(found, user, reader(), clock.now(), urls)


def conversation_path(conversation: EscalationValue | ConversationValue) -> str:
    """Where whoever is signed in reads the conversation."""
    if isinstance(conversation, EscalationValue):
        public_id = conversation.conversation_public_id
    else:
        public_id = conversation.public_id
    if conversation.request_id is not None:
        return f"/requests/{public_id}"
    return f"/chats/{public_id}" if signed_in_user().is_staff else "/chat"


def _offers_seniors() -> bool:
    return current_settings().offers(Feature.SENIORS)


def _topic(found: EscalationValue) -> str | None:
    return ": ".join(text for text in (found.reference, found.subject) if text) or None
