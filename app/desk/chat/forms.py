"""What browsers send while they chat."""

import re

from flask import request

from app.desk.chat.values import Said
from app.desk.files.forms import uploaded
from app.lib.tokens import new_public_id

_MOST_DIGITS = 9
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def said_in_form() -> Said:
    """The message of a form; one without a key is a message of its own. Raises FileRefused."""
    files = uploaded(request.files.getlist("files"))
    key = request.form.get("key", "")
    return Said(request.form.get("text", ""), key if _KEY.fullmatch(key) else new_public_id(), files)


def asked_number(text: str) -> int:
    """The number of a message; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
