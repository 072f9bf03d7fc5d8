"""What the API takes and gives about series; see app/api/schemas.py."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.api.fields import ID_LIMIT, Moment, WishedSenior
from app.api.schemas import BookingItem, BookingRequestBody, NearItem, Person
from app.lib.zones import is_in_reach


def _in_reach(day: date) -> None:
    if not is_in_reach(datetime.combine(day, time(12), tzinfo=UTC)):
        raise ValidationError("That year cannot be booked.")


class Repetition(Schema):
    """How often: ``weeks`` is 1 or 2, ``count`` calls, or all up to and with the day ``until``."""

    weeks = fields.Integer(required=True, validate=validate.OneOf((1, 2)))
    count = fields.Integer(validate=validate.Range(2, 12))
    until = fields.Date(validate=_in_reach)

    @validates_schema
    def _check_end(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("count" in data) == ("until" in data):
            raise ValidationError("Send either count or until.", "count")


class SeriesBody(BookingRequestBody, Repetition):
    """A series that begins with this call; with ``senior`` a senior engineer takes part in each.

    ``skip`` are starts of the series that are left out, ``instead`` other starts by those that they stand
    for. ``specialist`` is the id of who was shown to take the calls, ``specialists`` hold those of others by
    the starts of their calls: when somebody else does by now, nothing is booked (``other_serves``).
    """

    skip = fields.List(Moment(), load_default=list, validate=validate.Length(max=12))
    instead = fields.Dict(keys=Moment(), values=Moment(), load_default=dict)
    specialists = fields.Dict(
        keys=Moment(), values=fields.String(validate=validate.Length(1, ID_LIMIT)), load_default=dict
    )

    @validates_schema
    def _check_sizes(self, data: Mapping[str, Any], **_: Any) -> None:
        if len(data["instead"]) > 12:
            raise ValidationError("At most 12.", "instead")
        # Who plans may send on all that the plan says: twelve calls, each with three times near it.
        if len(data["specialists"]) > 48:
            raise ValidationError("At most 48.", "specialists")


class PlanBody(Repetition):
    """The series to look at: as in SeriesBody, without the words."""

    call_type = fields.String(required=True, validate=validate.Length(min=1, max=60))
    start = Moment(required=True)
    length = fields.Integer(load_default=None, strict=True)
    senior = WishedSenior()


class PlannedItem(Schema):
    """A call of a planned series; ``reason`` is what speaks against it (empty: nothing).

    ``alternatives`` are free times near it, to book ``instead``, each with its own ``specialist``; that of
    the call is whom it is with.
    """

    start = Moment(required=True)
    end = Moment(required=True)
    reason = fields.String(required=True)
    alternatives = fields.List(fields.Nested(NearItem), required=True)
    specialist = fields.Nested(Person, required=True)


class PlanItem(Schema):
    """A series as it could be booked now.

    ``is_cut``: it would go on beyond what a series can hold. ``room`` is how many calls of the kind the
    company can still book, null for any number.
    """

    specialist = fields.Nested(Person, required=True)
    senior = fields.Nested(Person, allow_none=True)
    call_type = fields.String(required=True)
    length = fields.Integer(required=True)
    is_cut = fields.Boolean(required=True)
    room = fields.Integer(required=True, allow_none=True)
    calls = fields.List(fields.Nested(PlannedItem), required=True)


class SeriesItem(Schema):
    """A series with its bookings, in the order of their times."""

    id = fields.String(required=True)
    weeks = fields.Integer(required=True)
    url = fields.Url(required=True)
    bookings = fields.List(fields.Nested(BookingItem), required=True)
