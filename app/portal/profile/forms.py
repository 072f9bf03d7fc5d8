"""The form of a person's profile."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from app.lib import wording
from app.lib.zones import COMMON_ZONES

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}


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


class ContactProfileForm(ProfileForm):
    """A contact's: whether they are reminded of calls, too."""

    wants_reminders = BooleanField(_l("Remind me of calls by e-mail"))
