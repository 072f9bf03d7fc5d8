"""The form for what came of ringing."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, TextAreaField, ValidationError

from app.desk.callbacks.forms import unclean_words
from app.desk.callbacks.values import MOST_NOTE, Outcome
from app.lib.text import UncleanText, many_lines


class OutcomeForm(FlaskForm):
    """What came of ringing: the button that was pressed, and a note for our side."""

    outcome = HiddenField()
    note = TextAreaField(_l("Note for your side"))

    def validate_outcome(self, field: Field) -> None:
        """One of the buttons."""
        if field.data not in set(Outcome):
            raise ValidationError(_("Choose what came of it"))

    def validate_note(self, field: Field) -> None:
        """A text with lines."""
        try:
            field.data = many_lines(field.data or "", MOST_NOTE)
        except UncleanText as error:
            raise ValidationError(unclean_words(error)) from error
