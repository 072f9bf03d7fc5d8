"""Requests by the API: opening and reading them, writing messages, fetching files."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_smorest.blueprint import Blueprint
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, record_view
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR, CONTACT
from app.api import schemas_requests as schemas
from app.api.answers_requests import message_item, request_item, whole_request
from app.api.guards import BodyParser, api_user, bearer, key_header
from app.api.problems import BadRequest
from app.booking.errors import KeyReused
from app.customers import service as customers
from app.desk import queries as desk
from app.desk.files.guards import sandboxed
from app.desk.files.views import saved
from app.desk.requests.queries import request_of
from app.desk.requests.queries_customers import customer
from app.desk.requests.queries_paged import newest_requests
from app.desk.requests.service import open_request
from app.desk.requests.values import NewRequest, RequestValue, id_of
from app.desk.service import write_message
from app.desk.values import MOST_TEXT, Channel, MessageValue, Side, Written
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import MESSAGES
from app.lib.text import UncleanText, many_lines, one_line
from app.lib.tokens import new_token, token_hash

blueprint = Blueprint("api_requests", __name__, url_prefix="/api/v1", description="Requests with clocks")
blueprint.ARGUMENTS_PARSER = BodyParser()
_KEY_LIMIT = 200
_KEY = key_header(_KEY_LIMIT) | {"required": False}


@blueprint.get("/requests")
@bearer(Right.SEE_DESK)
@blueprint.arguments(schemas.RequestQuery, location="query")
@blueprint.response(200, schemas.RequestList, content_type="application/json")
def requests(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """The requests that the token's owner may see, the newest first."""
    now, settings, user, limit = clock.now(), current_settings(), api_user(), query["limit"]
    before = id_of(query["after"]) if query["after"] else None
    if query["after"] and before is None:
        raise BadRequest("after: send the reference of a request")
    wanted = {"state": query["state"], "before": before, "limit": limit + 1}
    found = newest_requests(db.session(), now, settings, user, **wanted)
    if user.role == ADMINISTRATOR:
        record_view("viewed the requests", "request", user=user)
    shown = found[:limit]
    after = shown[-1].reference if len(found) > limit else None
    return {"requests": [request_item(item, settings) for item in shown], "after": after}


@blueprint.post("/requests")
@bearer(Right.WRITE_DESK)
@limited(MESSAGES, api_user)
@blueprint.doc(parameters=[_KEY])
@blueprint.arguments(schemas.RequestBody)
@blueprint.response(201, schemas.RequestItem, content_type="application/json")
def open_one(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Open a request; with an Idempotency-Key, the same one again opens nothing."""
    now, settings = clock.now(), current_settings()
    asked = _asked(body)

    def work(session: Session) -> RequestValue:
        opened = open_request(session, now, settings, asked)
        first = desk.message(session, opened.conversation.id, 1)
        if (opened.conversation.subject, first.text) != (asked.subject, asked.text):
            raise KeyReused("the key stands for another request")
        return opened

    return request_item(write(db.session(), [], work), settings)


def _asked(body: Mapping[str, Any]) -> NewRequest:
    """The request that a body asks for; raises NotFound, NotEntitled, UncleanText, BadRequest."""
    session, now, settings, user = db.session(), clock.now(), current_settings(), api_user()
    if user.role == CONTACT:
        if body["company"] or body["contact"]:
            raise BadRequest("company, contact: only engineers say whom a request is for")
        profile = customers.contact_profile(session, user.id)
        customers.require_entitled(profile, now, settings)
        whom: tuple[int, int | None] = (profile.company_id, user.id)
    else:
        whom = customer(session, now, settings, user, body["company"], body["contact"])
    return NewRequest(
        company_id=whom[0],
        contact_id=whom[1],
        severity=body["severity"],
        subject=one_line(body["subject"]),
        text=_words(body),
        key=_key("request"),
        side=_side(),
        channel=Channel.API,
        author_id=user.id,
        author_name=user.name,
    )


@blueprint.get("/requests/<public_id>")
@bearer(Right.SEE_DESK)
@blueprint.arguments(schemas.MessageQuery, location="query")
@blueprint.response(200, schemas.WholeRequest, content_type="application/json")
def one_request(query: Mapping[str, Any], public_id: str) -> Mapping[str, Any]:
    """One request with its messages, what is internal for our people alone, and what happened."""
    session, user, after = db.session(), api_user(), query["after"]
    conversation_id, last = _found(session, public_id), after + query["limit"]
    # Numbers have no gaps: what is internal is left out, and still has one.
    told = desk.messages(session, conversation_id, for_staff=user.is_staff, after=after, before=last + 1)
    if user.role == ADMINISTRATOR:
        record_view("viewed a request", "request", public_id, user)
    request = request_of(session, conversation_id)
    more = last if request.conversation.last_number > last else None
    return whole_request(request, told, more, current_settings())


@blueprint.post("/requests/<public_id>/messages")
@bearer(Right.WRITE_DESK)
@limited(MESSAGES, api_user)
@blueprint.doc(parameters=[_KEY])
@blueprint.arguments(schemas.MessageBody)
@blueprint.response(201, schemas.MessageItem, content_type="application/json")
def write_one(body: Mapping[str, Any], public_id: str) -> Mapping[str, Any]:
    """Write a message; with an Idempotency-Key, the same one again writes nothing."""
    now, settings, user = clock.now(), current_settings(), api_user()
    conversation_id = _found(db.session(), public_id)
    written = Written(_side(), Channel.API, _words(body), _key("message"), user.id, user.name)

    def work(session: Session) -> MessageValue:
        message = write_message(session, now, settings, conversation_id, written)
        if message.text != written.text:
            raise KeyReused("the key stands for another message")
        return message

    return message_item(write(db.session(), [], work))


@blueprint.get("/files/<file_id>")
@bearer(Right.SEE_DESK)
@sandboxed
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def file(file_id: str) -> Response:
    """A file of a message, under its name and with its own media type."""
    user, settings = api_user(), current_settings()
    found, content = desk.file_of(db.session(), clock.now(), settings, user, file_id)
    if user.role == ADMINISTRATOR:
        record_view("viewed a file", "file", file_id, user)
    return saved(found, content)


def _found(session: Session, public_id: str) -> int:
    """The conversation of a request that the token's owner may see; raises NotFound."""
    conversation = desk.find(session, clock.now(), current_settings(), api_user(), public_id)
    if conversation.request_id is None:
        raise NotFound(f"conversation {public_id!r} is no request")
    return conversation.id


def _side() -> Side:
    return Side.STAFF if api_user().is_staff else Side.CUSTOMER


def _words(body: Mapping[str, Any]) -> str:
    text = many_lines(body["body"], MOST_TEXT)
    if not text:
        raise UncleanText("empty", MOST_TEXT)
    return text


def _key(kind: str) -> str:
    """What a thing is known by: the Idempotency-Key of who sends it, else one that nobody had."""
    sent = request.headers.get("Idempotency-Key", "").strip()
    if len(sent) > _KEY_LIMIT:
        raise BadRequest(f"Idempotency-Key: send at most {_KEY_LIMIT} characters.")
    return f"api:{token_hash(f'{kind} {api_user().id} {sent}' if sent else new_token())}"
