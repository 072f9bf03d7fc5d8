"""What values look like in the API's JSON."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.booking.values import ANY_SENIOR
from app.lib.wording import rfc3339
from app.lib.zones import is_in_reach

ID_LIMIT = 60


class Moment(fields.Field[datetime]):
    """An RFC 3339 date-time with offset, in and out; a plain date means midnight UTC. Out always UTC."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> str | None:
        return None if value is None else rfc3339(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any
    ) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Write a moment like 2026-11-24T10:00:00Z.")
        # A plus sign that was not percent-encoded in a query arrives as a blank.
        text = value.strip().replace(" ", "+").replace("t", "T").replace("z", "Z")
        try:
            if len(text) == len("2026-11-24"):
                text = f"{date.fromisoformat(text)}T00:00:00Z"
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError("Write a moment like 2026-11-24T10:00:00Z.") from None
        if moment.tzinfo is None:
            raise ValidationError("The offset is missing: write 2026-11-24T10:00:00Z or +01:00.")
        if not is_in_reach(moment):
            raise ValidationError("That year cannot be booked.")
        return moment.astimezone(UTC)


class WishedSenior(fields.Boolean):
    """Who is to take part besides: true for whichever senior engineer there is, or the id of one.

    Loaded as in BookingRequest.
    """

    def __init__(self) -> None:
        shape = {"type": ["boolean", "string"], "maxLength": ID_LIMIT, "default": False}
        super().__init__(load_default="", metadata=shape)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        try:
            return ANY_SENIOR if super()._deserialize(value, attr, data, **more) else ""
        except ValidationError:
            if isinstance(value, str) and 1 <= len(value) <= ID_LIMIT:
                return value
            raise ValidationError("Send true, false, or the id of a senior engineer.") from None


class ShownSpecialist(fields.String):
    """The id of who was shown to take a call; empty for whoever does."""

    def __init__(self) -> None:
        super().__init__(load_default="", validate=validate.Length(max=ID_LIMIT))
