"""The audit log of the API, as schemas."""

from marshmallow import Schema, fields, validate

from app.api.fields import Moment


class AuditQuery(Schema):
    """Where to go on, and how much to answer at most."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**31 - 1))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class AuditItem(Schema):
    """One fact; ``detail`` holds changes as ``{"changes": {name: [before, after]}}``.

    Older facts about settings hold them as ``{"before": {name: value}, "after": {name: value}}``.
    """

    id = fields.Integer(required=True)
    at = Moment(required=True)
    actor = fields.String(required=True)
    verb = fields.String(required=True)
    object_type = fields.String(required=True)
    object_id = fields.String(required=True)
    client_address = fields.String(required=True)
    detail = fields.Dict(keys=fields.String(), required=True)


class AuditList(Schema):
    """Facts in order of their ids; ``after`` is what to send to get the next."""

    entries = fields.List(fields.Nested(AuditItem), required=True)
    after = fields.Integer(required=True)
