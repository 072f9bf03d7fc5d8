"""The forms of signing in and of the profile."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length

from app.lib import wording
from app.lib.zones import COMMON_ZONES

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
_ADDRESS_HELP = _l("Enter an e-mail address like name@company.com")


def _tidy(text: str | None) -> str:
    return (text or "").strip().lower()


class SignInForm(FlaskForm):
    """Asks for the address that the link goes to."""

    email = EmailField(
        _l("E-mail address"),
        filters=[_tidy],
        validators=[
            InputRequired(_ADDRESS_HELP),
            Length(max=254, message=_ADDRESS_HELP),
            Email(_ADDRESS_HELP),
        ],
    )


class ProfileForm(FlaskForm):
    """Language and zone of a person."""

    language = SelectField(
        _l("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
    )
    time_zone = SelectField(_l("Time zone"))

    def offer_zones(self, now: datetime, current: str) -> None:
        """Fill the list of zones with their offset at ``now``; the current one is in it in any case."""
        names = sorted({*COMMON_ZONES, current})
        self.time_zone.choices = [
            SelectChoice(name, f"{name.replace('_', ' ')} ({wording.offset(now, name)})") for name in names
        ]
