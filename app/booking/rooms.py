"""Where a video call takes place: the specialist's own room, a fixed one, or one made from a template."""

from urllib.parse import urlsplit

LINK_LIMIT = 400

_EXAMPLE = {"{reference}": "K7M-254", "{id}": "x" * 32}


def room_for(link: str, own_room: str, *, reference: str, public_id: str) -> str:
    """The address of a call's room; ``link`` is the call type's, empty for the specialist's own room."""
    return _filled(link, {"{reference}": reference, "{id}": public_id}) if link else own_room


def is_link(text: str) -> bool:
    """Whether a text can be a call type's link: https, with nothing in braces but {reference} and {id}."""
    filled = _filled(text, _EXAMPLE)
    try:
        parts = urlsplit(filled)
        _port = parts.port
    except ValueError:
        return False
    is_plain = filled.isprintable() and not any(character in filled for character in ' {}<>"\\')
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and is_plain


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text
