"""What people type into forms of the desk, checked by the one cleaner."""

from wtforms import Field, ValidationError

from app.booking.forms import text_words
from app.desk.values import MOST_TEXT
from app.lib.text import UncleanText, many_lines, one_line
from app.lib.tokens import new_public_id

_LONGEST_KEY = 64


def require_line(field: Field, limit: int = 200) -> None:
    """One line with something in it."""
    try:
        field.data = one_line(field.data or "", limit)
    except UncleanText as error:
        raise ValidationError(text_words(error)) from error


def clean_words(field: Field, limit: int = MOST_TEXT, *, required: bool = True) -> None:
    """A text with lines, cleaned in place."""
    try:
        field.data = many_lines(field.data or "", limit)
        if required and not field.data:
            raise UncleanText("empty", limit)
    except UncleanText as error:
        raise ValidationError(text_words(error)) from error


def key_of_form(text: str | None) -> str:
    """What a form's message is known by, so that it is written once; a fresh one where it has none.

    Apart from the keys that the service gives to its own lines.
    """
    given = text if text and len(text) <= _LONGEST_KEY and text.isprintable() else new_public_id()
    return f"page:{given}"
