"""What the API takes and gives about series; see app/api/schemas.py."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.api.schemas import BookingItem, BookingRequestBody, Moment
from app.lib.zones import is_in_reach


def _in_reach(day: date) -> None:
    if not is_in_reach(datetime.combine(day, time(12), tzinfo=UTC)):
        raise ValidationError("That year cannot be booked.")


class SeriesBody(BookingRequestBody):
    """A series that begins with this call: ``count`` calls, or all up to and with the day ``until``.

    ``weeks`` is 1 or 2. ``skip`` are starts of the series that are left out, ``instead`` other starts by
    those that they stand for.
    """

    weeks = fields.Integer(required=True, validate=validate.OneOf((1, 2)))
    count = fields.Integer(validate=validate.Range(2, 12))
    until = fields.Date(validate=_in_reach)
    skip = fields.List(Moment(), load_default=list, validate=validate.Length(max=12))
    instead = fields.Dict(keys=Moment(), values=Moment(), load_default=dict)

    @validates_schema
    def _check_end(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("count" in data) == ("until" in data):
            raise ValidationError("Send either count or until.", "count")
        if len(data["instead"]) > 12:
            raise ValidationError("At most 12.", "instead")


class SeriesItem(Schema):
    """A series with its bookings, in the order of their times."""

    id = fields.String(required=True)
    weeks = fields.Integer(required=True)
    url = fields.Url(required=True)
    bookings = fields.List(fields.Nested(BookingItem), required=True)
