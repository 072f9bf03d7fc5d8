"""References of calls as people type them."""

import re

_REFERENCE = re.compile(r"([A-Z][0-9][A-Z])[\s\-–—_.]*([0-9]{3})")


def as_reference(text: str) -> str:
    """``K7M-254`` from any spelling of case and dash (``k7m 254``); empty when it is none."""
    found = _REFERENCE.fullmatch(text.strip().upper())
    return f"{found[1]}-{found[2]}" if found else ""
