"""What the API takes and gives about the waiting list."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.api.fields import Moment
from app.api.schemas import NearItem


class PlaceBody(Schema):
    """What to wait for: a call type, or an earlier time for a ``booking``; days of the service zone."""

    call_type = fields.String(load_default="", validate=validate.Length(max=60))
    booking = fields.String(load_default="", validate=validate.Length(max=32))
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)

    @validates_schema
    def _check_subject(self, data: Mapping[str, Any], **_: Any) -> None:
        if bool(data["call_type"]) == bool(data["booking"]):
            raise ValidationError("Name either a call type or a booking.", "call_type")


class PlaceItem(Schema):
    """A place in the line; an ``offer`` is kept until ``offer_until``, and taken by booking that time.

    It names whom the call would be with: send their id as ``specialist`` along.
    """

    id = fields.String(required=True)
    state = fields.String(required=True)
    call_type = fields.String(required=True)
    booking = fields.String(allow_none=True)
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    specialist = fields.String(required=True)
    offer = fields.Nested(NearItem, allow_none=True)
    offer_until = Moment(allow_none=True)
    created_at = Moment(required=True)
    url = fields.Url(required=True)


class PlaceList(Schema):
    """The places of the token's owner that wait or have an offer."""

    places = fields.List(fields.Nested(PlaceItem), required=True)
