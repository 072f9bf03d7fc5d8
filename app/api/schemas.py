"""What the API takes and gives, as marshmallow schemas; they are its OpenAPI document too."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.api.fields import ID_LIMIT, Moment, ShownSpecialist, WishedSenior
from app.booking.values import ANY_SENIOR

LONGEST_SPAN = timedelta(days=62)


class Span(Schema):
    """A stretch of time, half-open."""

    start = Moment(required=True)
    end = Moment(required=True)


class Person(Schema):
    """Somebody on our side."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class Me(Schema):
    """Who the token belongs to, and who serves them today.

    ``stands_in_for`` is whom ``specialist`` stands in for, if anybody; ``is_away`` says that they are
    away and nobody stands in; ``until`` is the last day (service zone) on which it is so, as far as known.
    """

    id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.Email(required=True)
    role = fields.String(required=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)
    company = fields.Nested(Person, allow_none=True)
    specialist = fields.Nested(Person, allow_none=True)
    stands_in_for = fields.Nested(Person, allow_none=True)
    is_away = fields.Boolean()
    until = fields.Date(allow_none=True)
    is_entitled = fields.Boolean(allow_none=True)


class QuestionItem(Schema):
    """What is asked about a call; ``kind`` is text or choice (one of ``choices``)."""

    key = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)
    required = fields.Boolean(required=True)


class CallTypeItem(Schema):
    """A kind of call, for contacts as it is with their specialist.

    ``length`` (the usual one), ``lengths`` and ``notice`` are in minutes, ``horizon`` in days.
    """

    slug = fields.String(required=True)
    name = fields.String(required=True)
    length = fields.Integer(required=True)
    lengths = fields.List(fields.Integer(), required=True)
    ways = fields.List(fields.String(), required=True)
    questions = fields.List(fields.Nested(QuestionItem), required=True)
    notice = fields.Integer(required=True)
    horizon = fields.Integer(required=True)


class CallTypes(Schema):
    """All kinds of call."""

    call_types = fields.List(fields.Nested(CallTypeItem), required=True)


class SlotQuery(Schema):
    """Which slots to list: ``from`` ≤ start < ``to``, at most 62 days; ``length`` one of those offered.

    With ``senior`` those of both.
    """

    call_type = fields.String(required=True, validate=validate.Length(min=1, max=60))
    senior = WishedSenior()
    from_ = Moment(required=True, data_key="from")
    to = Moment(required=True)
    length = fields.Integer(load_default=None)

    @validates_schema
    def _check_span(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["to"] <= data["from_"]:
            raise ValidationError("It must lie after 'from'.", "to")
        if data["to"] - data["from_"] > LONGEST_SPAN:
            raise ValidationError("At most 62 days after 'from'.", "to")


class ClosedCalendar(Schema):
    """Why no times can be shown, and since when."""

    reason = fields.String(required=True)
    since = Moment(allow_none=True)


class SlotItem(Span):
    """A slot, and whom a call in it is with."""

    specialist = fields.Nested(Person, required=True)


class NearItem(Span):
    """A free time near one that is gone, and whom a call in it is with, where that is known."""

    specialist = fields.Nested(Person)


class SlotList(Schema):
    """The open slots; ``as_of`` tells how fresh the picture of the calendar is.

    ``specialist`` serves today; on days on which somebody else does, the slots name them.
    """

    specialist = fields.Nested(Person, required=True)
    senior = fields.Nested(Person, allow_none=True)
    call_type = fields.String(required=True)
    length = fields.Integer(required=True)
    time_zone = fields.String(required=True)
    as_of = Moment(allow_none=True)
    slots = fields.List(fields.Nested(SlotItem), required=True)
    closed = fields.Nested(ClosedCalendar)


class BookingRequestBody(Schema):
    """What to book; ``way`` is video or phone, ``length`` one of those offered, ``answers`` are by key.

    With ``senior`` a senior engineer takes part as well. ``specialist`` is the id of who was shown to take
    the call, as slots name them: when somebody else does by now, nothing is booked (``other_serves``).
    """

    call_type = fields.String(required=True, validate=validate.Length(min=1, max=60))
    start = Moment(required=True)
    topic = fields.String(load_default="")
    way = fields.String(load_default="video", validate=validate.OneOf(("video", "phone")))
    phone = fields.String(load_default="")
    length = fields.Integer(load_default=None, strict=True)
    answers = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    senior = WishedSenior()
    specialist = ShownSpecialist()


class RescheduleBody(Schema):
    """Where to move a booking, and an optional sentence for the other side.

    With ``senior`` a senior engineer is brought in along with it, unless one takes part already; with the
    time that the booking has they are brought in there. ``specialist`` is the id of who was shown to have
    the call: when somebody else has it by now, it does not move (``other_serves``).
    """

    start = Moment(required=True)
    reason = fields.String(load_default="")
    senior = WishedSenior()
    specialist = ShownSpecialist()


class SeniorBody(Schema):
    """Which senior engineer to bring in, by ``id``; without one whoever there is."""

    id = fields.String(load_default=ANY_SENIOR, validate=validate.Length(min=1, max=ID_LIMIT))


class CancelBody(Schema):
    """An optional sentence for the specialist."""

    reason = fields.String(load_default="")


class AnswerItem(Schema):
    """A question as it was asked, and its answer."""

    question = fields.String(required=True)
    answer = fields.String(required=True)


class AttendeeBody(Schema):
    """A colleague to add to a booking."""

    email = fields.String(required=True, validate=validate.Length(min=3, max=254))
    name = fields.String(load_default="")


class Attendee(Schema):
    """Somebody who is invited; ``partstat`` is their answer (RFC 5545, 3.2.12)."""

    email = fields.String(required=True)
    name = fields.String(required=True)
    partstat = fields.String(required=True)


class BookingItem(Schema):
    """A booking; during a move ``start`` and ``end`` stay the old ones and ``move`` holds the new."""

    id = fields.String(required=True)
    reference = fields.String(required=True)
    status = fields.String(required=True)
    call_type = fields.String(required=True)
    start = Moment(required=True)
    end = Moment(required=True)
    move = fields.Nested(Span, allow_none=True)
    sequence = fields.Integer(required=True)
    topic = fields.String(required=True)
    way = fields.String(required=True)
    phone = fields.String(required=True)
    room_url = fields.String(required=True)
    specialist = fields.Nested(Person, required=True)
    attendees = fields.List(fields.Nested(Attendee), required=True)
    senior = fields.Nested(Person, allow_none=True)
    created_at = Moment(required=True)
    changed_at = Moment(required=True)
    confirmed_at = Moment(allow_none=True)
    change_until = Moment(required=True)
    move_until = Moment(required=True)
    cancel_until = Moment(required=True)
    answers = fields.List(fields.Nested(AnswerItem), required=True)
    series = fields.String(allow_none=True)
    url = fields.Url(required=True)


class BookingList(Schema):
    """Bookings, the next one first."""

    bookings = fields.List(fields.Nested(BookingItem), required=True)


class BookingQuery(Schema):
    """Which bookings to list."""

    when = fields.String(load_default="all", validate=validate.OneOf(("coming", "past", "all")))


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    code = fields.String()
    reason = fields.String()
    specialist = fields.Nested(Person)
    alternatives = fields.List(fields.Nested(NearItem))
    conflicts = fields.List(fields.Dict())
    limit = fields.Integer()
    possible = fields.Integer()
    errors = fields.Dict()
