"""The form for a place in the waiting list."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, ValidationError

from app.booking.waiting.service import Wanted


class JoinForm(FlaskForm):
    """What to wait for; the choices are set by the view, and checked by the service."""

    moving = HiddenField()
    call_type = SelectField(_l("Call type"), validate_choice=False)
    first = SelectField(_l("First day"), validate_choice=False)
    last = SelectField(_l("Last day"), validate_choice=False)

    def validate_first(self, field: Field) -> None:
        """A day."""
        _day_of(field)

    def validate_last(self, field: Field) -> None:
        """A day."""
        _day_of(field)

    def wanted(self) -> Wanted:
        """What the form asks for, once it is valid."""
        return Wanted(
            self.call_type.data or "", _day_of(self.first), _day_of(self.last), self.moving.data or ""
        )


def _day_of(field: Field) -> date:
    try:
        return date.fromisoformat(field.data or "")
    except ValueError:
        raise ValidationError(_("Choose a day")) from None
