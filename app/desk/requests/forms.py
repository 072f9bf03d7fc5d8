"""The forms of requests."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.desk.forms import key_of_form, require_line, require_words
from app.desk.requests.severity_page import SEVERITIES
from app.lib.tokens import new_public_id

REASON_LIMIT = 500


class KeyedForm(FlaskForm):
    """A form that writes once, however often it is sent."""

    key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key.data = self.key.data or new_public_id()

    @property
    def message_key(self) -> str:
        """The key of the message that it writes."""
        return key_of_form(self.key.data)


class TurnForm(FlaskForm):
    """A severity and a subject for a conversation."""

    severity = RadioField(
        _l("How bad is it?"),
        choices=[(str(number), str(number)) for number in SEVERITIES],
        validators=[InputRequired(_l("Choose a severity"))],
    )
    subject = StringField(_l("What is it about?"))

    def validate_subject(self, field: Field) -> None:
        """One line."""
        require_line(field, _("Say in one line what it is about"))


class NewForm(KeyedForm, TurnForm):
    """A new request; ``contact`` is whom our people open it for."""

    contact = SelectField(_l("For whom?"), validate_choice=False)
    text = TextAreaField(_l("What happens?"))

    def validate_text(self, field: Field) -> None:
        """A text with lines."""
        require_words(field, _("Describe what happens"))


class AnswerForm(KeyedForm):
    """A message in a request, and what our people say with it; files alone are enough."""

    text = TextAreaField(_l("Your message"))
    is_next_step = BooleanField(_l("This gives the next step"))
    waits = BooleanField(_l("We now wait for the customer"))

    def __init__(self, *, has_files: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._has_files = has_files

    def validate_text(self, field: Field) -> None:
        """A text with lines."""
        require_words(field, "" if self._has_files else _("Write a message, or choose a file"))


class NoteForm(KeyedForm):
    """A note that customers never see."""

    note = TextAreaField(_l("Internal note"))

    def validate_note(self, field: Field) -> None:
        """A text with lines."""
        require_words(field, _("Write the note"))


class SeverityForm(FlaskForm):
    """Another severity, with the reason."""

    severity = RadioField(_l("New severity"), validators=[InputRequired(_l("Choose a severity"))])
    reason = StringField(_l("What changed?"))

    def validate_reason(self, field: Field) -> None:
        """One line."""
        require_line(field, _("Say what changed"), REASON_LIMIT)
