"""The forms of the calendar pages."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.calendars.pages.choose_page import Chosen
from app.calendars.pages.page_values import Problem
from app.lib.text import UncleanText, one_line

_ADDRESS_HELP = _l("Enter the address of the calendar server, or your e-mail address.")
_FILE_HELP = _l("Enter the address of the file. It begins with https:// or webcal://.")
_LONGEST = 500
_MOST_CHOICES = 500


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


class ConnectForm(FlaskForm):
    """Asks for an account. A password is never sent back to the page."""

    address = StringField(
        _l("Address of the calendar"),
        filters=[_trimmed],
        validators=[InputRequired(_ADDRESS_HELP), Length(max=_LONGEST, message=_ADDRESS_HELP)],
    )
    username = StringField(
        _l("User name"),
        filters=[_trimmed],
        validators=[Length(max=254, message=_l("Enter at most 254 characters."))],
    )
    password = PasswordField(
        _l("App password"),
        validators=[
            InputRequired(_l("Enter the password. For safety it is not kept when a page comes back.")),
            Length(max=_LONGEST, message=_l("Enter at most 500 characters.")),
        ],
    )


class SubscribeForm(FlaskForm):
    """Asks for a calendar file."""

    address = StringField(
        _l("Address of the file"),
        filters=[_trimmed],
        validators=[InputRequired(_FILE_HELP), Length(max=2000, message=_FILE_HELP)],
    )


class SecretForm(FlaskForm):
    """Asks for a new password."""

    secret = PasswordField(
        _l("New app password"),
        validators=[
            InputRequired(_l("Enter the password.")),
            Length(max=_LONGEST, message=_l("Enter at most 500 characters.")),
        ],
    )


def problems_of(form: FlaskForm) -> tuple[Problem, ...]:
    """What is wrong in a form, for the summary on top."""
    return tuple(Problem(name, str(errors[0])) for name, errors in form.errors.items() if name)


def read_chosen(fields: MultiDict[str, str]) -> Chosen:
    """What was ticked on the page of choices; values that were never offered are found by its check."""
    return Chosen(
        frozenset(fields.getlist("busy")[:_MOST_CHOICES]),
        fields.get("receives", "")[:40],
        fields.get("hours", "")[:40],
    )


def read_name(fields: MultiDict[str, str]) -> tuple[str, tuple[Problem, ...]]:
    """The name for a calendar file as typed, and what is wrong with it."""
    typed = fields.get("name", "")
    try:
        return one_line(typed, 200), ()
    except UncleanText as error:
        words = _("Enter a name of at most 200 characters.")
        if error.reason == "characters":
            words = _("Remove the control characters")
        return typed[:400], (Problem("name", words),)
