"""What people type into forms of the desk, checked by the one cleaner."""

from wtforms import Field, ValidationError

from app.booking.forms import text_words
from app.desk.values import MOST_TEXT
from app.lib.text import UncleanText, many_lines, one_line
from app.lib.tokens import new_public_id

_LONGEST_KEY = 64


def require_line(field: Field, empty: str, limit: int = 200) -> None:
    """One line, cleaned in place; ``empty`` says what to write when there is nothing in it."""
    try:
        field.data = one_line(field.data or "", limit)
    except UncleanText as error:
        raise ValidationError(empty if error.reason == "empty" else text_words(error)) from error


def require_words(field: Field, empty: str, limit: int = MOST_TEXT) -> None:
    """A text with lines, cleaned in place; ``empty`` as above, and nothing where it may be empty."""
    try:
        field.data = many_lines(field.data or "", limit)
    except UncleanText as error:
        raise ValidationError(text_words(error)) from error
    if empty and not field.data:
        raise ValidationError(empty)


def key_of_form(text: str | None) -> str:
    """What a form's message is known by, so that it is written once; a fresh one where it has none.

    Apart from the keys that the service gives to its own lines.
    """
    given = text if text and len(text) <= _LONGEST_KEY and text.isprintable() else new_public_id()
    return f"page:{given}"
