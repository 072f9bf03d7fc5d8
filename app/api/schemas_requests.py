"""What the API takes and gives about requests; see app/api/schemas.py."""

from marshmallow import Schema, fields, validate

from app.api.fields import ID_LIMIT, Moment
from app.api.schemas import Person
from app.desk.requests.values import OPEN, RequestState

_STATES = (OPEN, *(state.value for state in RequestState))
_REFERENCE = 20


class RequestBody(Schema):
    """A request to open: ``severity`` from 1 (critical) to 5 (question), and its first message.

    For whom is said by engineers alone: the id of a ``contact``, or of a ``company``.
    """

    severity = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))
    subject = fields.String(required=True)
    body = fields.String(required=True)
    company = fields.String(load_default="", validate=validate.Length(max=ID_LIMIT))
    contact = fields.String(load_default="", validate=validate.Length(max=ID_LIMIT))


class MessageBody(Schema):
    """A message to write; one of ours is seen by the customer."""

    body = fields.String(required=True)


class RequestQuery(Schema):
    """Which requests to list, the newest first: ``after`` is the reference of the last one that is known."""

    state = fields.String(load_default="", validate=validate.OneOf(_STATES))
    after = fields.String(load_default="", validate=validate.Length(max=_REFERENCE))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class MessageQuery(Schema):
    """Which messages to answer: those with the next ``limit`` numbers above ``after``."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 10**9))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 200))


class RequestItem(Schema):
    """A request with its two clocks; ``contact`` is a name, null when nobody is named.

    ``next_step_due`` is null for severities that are tracked. ``first_response_at`` and ``next_step_at``
    are when they were given, ``waiting_since`` is set while we wait for the customer.
    """

    id = fields.String(required=True)
    reference = fields.String(required=True)
    severity = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES[1:]))
    subject = fields.String(required=True)
    company = fields.Nested(Person, required=True)
    contact = fields.String(required=True, allow_none=True)
    opened_at = Moment(required=True)
    first_response_due = Moment(required=True)
    first_response_at = Moment(required=True, allow_none=True)
    next_step_due = Moment(required=True, allow_none=True)
    next_step_at = Moment(required=True, allow_none=True)
    waiting_since = Moment(required=True, allow_none=True)
    solved_at = Moment(required=True, allow_none=True)
    url = fields.Url(required=True)


class RequestList(Schema):
    """Requests, the newest first; ``after`` asks for the next ones, null at the end."""

    requests = fields.List(fields.Nested(RequestItem), required=True)
    after = fields.String(required=True, allow_none=True)


class FileItem(Schema):
    """A file of a message; ``path`` is where the API hands it out, ``size`` in bytes."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    path = fields.String(required=True)


class MessageItem(Schema):
    """A message; ``side`` is customer or staff, and only our people see what is internal."""

    id = fields.String(required=True)
    number = fields.Integer(required=True)
    side = fields.String(required=True)
    channel = fields.String(required=True)
    author = fields.String(required=True)
    body = fields.String(required=True)
    is_internal = fields.Boolean(required=True)
    written_at = Moment(required=True)
    files = fields.List(fields.Nested(FileItem), required=True)


class EventItem(Schema):
    """Something that happened; a change of severity has ``before``, ``after`` and perhaps a ``reason``."""

    number = fields.Integer(required=True)
    what = fields.String(required=True)
    by = fields.String(required=True)
    at = Moment(required=True)
    before = fields.Integer()
    after = fields.Integer()
    reason = fields.String()


class WholeRequest(RequestItem):
    """A request with its messages and what happened, in the order of their numbers, which they share.

    ``after`` asks for the next ones, null at the end.
    """

    messages = fields.List(fields.Nested(MessageItem), required=True)
    events = fields.List(fields.Nested(EventItem), required=True)
    after = fields.Integer(required=True, allow_none=True)
