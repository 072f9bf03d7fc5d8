"""What browsers send while they chat."""

from flask import request

from app.desk.chat.values import Said
from app.desk.files.forms import uploaded
from app.lib.tokens import new_public_id

_MOST_DIGITS = 9


def said_in_form() -> Said:
    """The message of a form; one without a key is a message of its own. Raises FileRefused."""
    files = uploaded(request.files.getlist("files"))
    return Said(request.form.get("text", ""), request.form.get("key", "") or new_public_id(), files)


def asked_number(text: str) -> int:
    """The number of a message; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
