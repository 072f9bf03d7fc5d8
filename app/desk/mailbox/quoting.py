"""What of a mail's text is its own, and what it repeats: earlier mails and a signature.

Written here because the packages for it know no Russian, or take a time that the sender chooses (their
patterns try every way to cut a long line). Each line is looked at a fixed number of times.
"""

import re
from collections.abc import Sequence

_LONGEST = 300
_LONGEST_SIGNATURE = 15
_RULE = re.compile(r"^_{5,}$")
_SIGNATURE = re.compile(r"^--\s?$")
_WROTE = (
    # Gmail in any language: a date, and the address in brackets.
    re.compile(r"^[^>].*\d.*<[^<>@\s]+@[^<>\s]+>[^<>]{0,60}:$"),
    re.compile(r"^On\s.*\swrote:$", re.IGNORECASE),
    re.compile(r"^(Am|Den)\s.*\sschrieb\b.*:$", re.IGNORECASE),
    re.compile(r"^Le\s.*\sa écrit\s?:$", re.IGNORECASE),
    re.compile(r"^.*\d.*\s(пишет|писал|писала|писал\(а\)|написал|написала|написал\(а\))\s?:$", re.IGNORECASE),
)
_ORIGINAL = re.compile(
    r"^-{3,}\s?(Original Message|Ursprüngliche Nachricht|Исходное сообщение|Исходное письмо)\s?-{3,}$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\*?(From|Von|От|De)\s?:\*?\s", re.IGNORECASE)
_OTHERS = re.compile(
    r"^\*?(Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Отправлено|Дата|Кому|Копия|Тема)\s?:\*?\s",
    re.IGNORECASE,
)


def split_quoted(text: str) -> tuple[str, str]:
    """Own words and what is repeated; either may be empty.

    Answers between quoted lines stay with them. ``text`` has LF between its lines.
    """
    lines = text.split("\n")
    start, after = _opening(lines)
    own, rest = lines[:start], lines[start:]
    body = lines[after:]
    if start < len(lines) and _first_word(body).startswith(">"):
        blocks = _blocks(body)
        if len(blocks) > 1 and not _is_blank(body[blocks[0][1] : blocks[1][0]]):
            # Answered point by point: without the questions nobody would understand it.
            own, rest = lines, []
        else:
            own, rest = own + body[blocks[0][1] :], lines[start : after + blocks[0][1]]
    elif start == len(lines):
        own, rest = _trailing(lines)
    own, signature = _signature(own)
    return "\n".join(own).strip(), "\n".join([*signature, *rest]).strip()


def _opening(lines: Sequence[str]) -> tuple[int, int]:
    """Where the line that opens what is repeated stands, and where that begins; twice the end for none."""
    for number, line in enumerate(lines):
        if found := _is_opening(lines, number, line.strip()[:_LONGEST]):
            has_rule = number > 0 and bool(_RULE.match(lines[number - 1].strip()))
            return number - has_rule, number + found
    return len(lines), len(lines)


def _is_opening(lines: Sequence[str], number: int, line: str) -> int:
    """How many lines open a quotation here; 0 for none."""
    if not line or line.startswith(">"):
        return 0
    if _ORIGINAL.match(line):
        return 1
    if _FROM.match(line):
        near = [other.strip() for other in lines[number + 1 : number + 9] if other.strip()]
        return 1 if sum(bool(_OTHERS.match(other[:_LONGEST])) for other in near[:5]) >= 2 else 0
    if any(pattern.match(line) for pattern in _WROTE):
        return 1
    # Mail programs break the line where it gets long.
    both = f"{line} {lines[number + 1].strip()}"[:_LONGEST] if number + 1 < len(lines) else ""
    is_first = line[:3].lower() in {"on ", "am ", "le "} or line[:1].isdigit() or "<" not in line
    return 2 if both and is_first and any(pattern.match(both) for pattern in _WROTE[1:]) else 0


def _first_word(lines: Sequence[str]) -> str:
    return next((line for line in lines if line.strip()), "")


def _blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of quoted lines, blank lines among them included."""
    found: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        if not line.startswith(">"):
            continue
        if found and _is_blank(lines[found[-1][1] : number]):
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


def _trailing(lines: list[str]) -> tuple[list[str], list[str]]:
    """Quoted lines at the very end, which nothing announces."""
    blocks = _blocks(lines)
    if blocks and _is_blank(lines[blocks[-1][1] :]):
        return lines[: blocks[-1][0]], lines[blocks[-1][0] :]
    return lines, []


def _signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Without what stands below the delimiter (RFC 3676, 4.3)."""
    for number in range(len(lines) - 1, max(-1, len(lines) - _LONGEST_SIGNATURE - 1), -1):
        if _SIGNATURE.match(lines[number]):
            return lines[:number], lines[number:]
    return lines, []


def _is_blank(lines: Sequence[str]) -> bool:
    return not any(line.strip() for line in lines)
