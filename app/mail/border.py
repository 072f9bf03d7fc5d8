"""What our own mail server found out about a message's sender (Authentication-Results, RFC 8601)."""

import re
from collections.abc import Sequence

# Comments and quoted strings may hold what the sender likes, and so something that looks like a result.
_FOREIGN_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_DMARC = re.compile(r"dmarc\s*=\s*(\w+)", re.IGNORECASE)
_FROM = re.compile(r"header\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_LONGEST = 4000
_DEEPEST = 5


def passed_dmarc(lines: Sequence[str], authserv_id: str, sender: str) -> bool:
    """Whether the border ``authserv_id`` says that the sender's domain stands behind the message.

    ``lines`` are the values of the message's Authentication-Results, of whomever; without an id of ours none
    counts. Any result but a pass for the domain in ``sender`` (an address) decides against it.
    """
    found = [result for line in lines for result in _results(line[:_LONGEST], authserv_id)]
    domain = sender.rpartition("@")[2].lower()
    return bool(found) and all(result == ("pass", domain) for result in found)


def _results(line: str, authserv_id: str) -> list[tuple[str, str]]:
    """The DMARC results of a line, with the domain that they are about."""
    plain = " ".join(line.split())
    for _ in range(_DEEPEST):
        plain = _FOREIGN_TEXT.sub(" ", plain)
    who, _semicolon, rest = plain.partition(";")
    # A version may stand behind the name.
    if not authserv_id or who.lower().split()[:1] != [authserv_id.lower()]:
        return []
    found = []
    for part in rest.split(";"):
        if match := _DMARC.match(part.strip()):
            about = _FROM.search(part)
            found.append((match[1].lower(), about[1].lower().rpartition("@")[2] if about else ""))
    return found
