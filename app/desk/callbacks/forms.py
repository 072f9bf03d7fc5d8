"""The form that asks for a call back."""

from datetime import date, datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, ValidationError

from app.booking.in_words import Reader, day_name
from app.desk.callbacks.errors import WishRefused
from app.desk.callbacks.values import MOST_TOPIC
from app.desk.callbacks.wish import days_of, read_wish, wishable
from app.desk.hours import BusinessHours
from app.lib.phone_numbers import example, region_of_zone, to_e164
from app.lib.text import UncleanText, one_line
from app.lib.zones import to_utc

_NOON = time(12)


class AskForm(FlaskForm):
    """Asking to be rung; ``prepare`` gives it the days to choose from and whose clock times are on."""

    key = HiddenField()
    number = StringField(_l("Phone number"))
    topic = StringField(_l("What is it about?"))
    day = SelectField(_l("Day"), validate_choice=False)
    time = StringField(_l("Time"))
    e164 = ""
    wished_at: datetime | None = None

    def prepare(self, hours: BusinessHours, now: datetime, reader: Reader) -> None:
        """Which days there are to choose from, and how times are meant."""
        self._hours, self._now, self._zone = hours, now, reader.zone
        days = days_of(wishable(hours, now), reader.zone)
        named = [(day.isoformat(), _day_words(day, reader, now)) for day in days]
        self.day.choices = [("", _("As soon as possible")), *named]

    def validate_number(self, field: Field) -> None:
        """A number that exists, with the country of their zone where none is typed."""
        region = region_of_zone(self._zone)
        try:
            self.e164 = to_e164(field.data or "", region)
        except ValueError:
            words = _("Enter a phone number with country code, like %(example)s", example=example(region))
            raise ValidationError(words) from None

    def validate_topic(self, field: Field) -> None:
        """A line, perhaps none."""
        try:
            field.data = one_line(" ".join((field.data or "").split()), MOST_TOPIC, required=False)
        except UncleanText as error:
            raise ValidationError(unclean_words(error)) from error

    def validate_time(self, field: Field) -> None:
        """A time in hours that is still to come, on the day that was chosen."""
        try:
            self.wished_at = read_wish(
                self._hours, self._now, self.day.data or "", field.data or "", self._zone
            )
        except WishRefused as error:
            raise ValidationError(_wish_words(error)) from error


def _day_words(day: date, reader: Reader, now: datetime) -> str:
    return day_name(to_utc(day, _NOON, reader.zone), reader, now)


def _wish_words(error: WishRefused) -> str:
    match error.reason:
        case "time":
            return _("Write a time like 9:30")
        case "past":
            return _("That time is over. Choose a later one")
        case "day":
            return _("Choose one of the days")
    return _("We do not ring at that time. Choose one in our hours")


def unclean_words(error: UncleanText) -> str:
    """What is wrong with a text."""
    if error.reason == "long":
        return _("Write at most %(limit)s characters", limit=error.limit)
    return _("Remove the control characters")
