"""The form that adds a colleague to a call."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, StringField, ValidationError

from app.booking.errors import GuestRefused
from app.booking.guests.values import guest_address
from app.lib.text import UncleanText, one_line
from app.words import refusal_words

_NAME_LIMIT = 200


class GuestForm(FlaskForm):
    """Address and name of a colleague."""

    email = EmailField(_l("E-mail address"))
    name = StringField(_l("Name"))

    def validate_email(self, field: Field) -> None:
        """An address that mail goes to."""
        try:
            guest_address(field.data or "")
        except GuestRefused as error:
            raise ValidationError(refusal_words(error.reason)) from error

    def validate_name(self, field: Field) -> None:
        """One line, perhaps empty."""
        try:
            one_line(field.data or "", _NAME_LIMIT, required=False)
        except UncleanText as error:
            raise ValidationError(_("Enter a shorter, plain name")) from error

    def refuse(self, error: GuestRefused) -> None:
        """Say beside the address why they cannot be added."""
        self.email.errors = (refusal_words(error.reason),)
