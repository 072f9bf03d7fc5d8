"""A whole mail as what a person wrote: words, what they repeat, files, and which mails it answers."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from app.desk.mailbox.markup import LONGEST, body_of, clean_html, text_of
from app.desk.mailbox.quoting import split_quoted
from app.desk.values import MOST_TEXT
from app.lib.text import scrubbed, scrubbed_lines
from app.mail.incoming import decoded, is_tangled, text_in

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,298}>")
_REFERENCE = re.compile(r"\[(R-\d{1,9})\]", re.IGNORECASE)
_AGAIN = re.compile(r"^(?:\s*(?:re|aw|sv|fwd?|wg|отв|ответ|пересл)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
# Whatever is longer is cut to MOST_TEXT in the end.
_LONGEST_TEXT = 400_000
_MOST_FILES, _MOST_IDS, _MOST_PARTS = 50, 50, 500
_RICH = re.compile(r"<(?:a|b|code|em|i|li|pre|s|strong|table|u)[ >]")
_CUT = " […]"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file as it came: the name is its sender's."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody wrote: ``text`` are their own words, ``quoted`` what they repeat of earlier mails.

    ``html`` is clean, and empty where something is repeated: there the text alone tells what is new.

    ``answers`` are Message-IDs of the mails before it, the nearest first; ``subject`` is without "Re:",
    ``reference`` the request that it names, or ''. ``may_be_answered``: by a program (RFC 3834, 2).
    """

    subject: str
    reference: str
    text: str
    quoted: str
    html: str
    message_id: str
    answers: tuple[str, ...]
    files: tuple[AttachedFile, ...]
    may_be_answered: bool


def read_letter(content: bytes) -> Letter | None:
    """The letter in a whole mail; None for what cannot be taken apart. Never raises."""
    if is_tangled(content):
        return None
    try:
        return _letter(email.message_from_bytes(content, policy=compat32))
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError, TypeError, AssertionError):
        # What the parser of the standard library raises on malformed mails, in one place or another.
        return None


def _letter(message: Message) -> Letter:
    plain, html, files = _Parts().read(message)
    html = body_of(html)
    cleaned, is_cut = clean_html(html), len(html) > LONGEST
    if not plain.strip():
        plain = text_of(cleaned) + (_CUT if is_cut else "")
    text = scrubbed_lines(plain, 4 * MOST_TEXT)
    words, quoted = split_quoted(text)
    subject = scrubbed(decoded(_header(message, "Subject")), 200)
    found = _REFERENCE.search(subject)
    ids = _MESSAGE_ID.findall(_header(message, "Message-ID"))
    return Letter(
        subject=_AGAIN.sub("", subject).strip(),
        reference=found[1] if found else "",
        text=_cut(words),
        quoted=_cut(quoted),
        html="" if quoted or is_cut or _is_plain(cleaned) else cleaned,
        message_id=ids[0] if ids else "",
        answers=_answers(message),
        files=tuple(files[:_MOST_FILES]),
        may_be_answered=_header(message, "Auto-Submitted").partition(";")[0].strip().lower() in {"", "no"},
    )


def _is_plain(html: str) -> bool:
    """Whether the text alone says the same."""
    return not _RICH.search(html)


def _header(message: Message, name: str) -> str:
    """Its text as it stands; raw UTF-8 in it (RFC 6532) would come out as question marks otherwise."""
    found = (value for key, value in message.raw_items() if key.lower() == name.lower())
    text = str(next(found, ""))[:20_000]
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _answers(message: Message) -> tuple[str, ...]:
    direct = _MESSAGE_ID.findall(_header(message, "In-Reply-To"))
    before = _MESSAGE_ID.findall(_header(message, "References"))
    return tuple(dict.fromkeys([*direct, *reversed(before)]))[:_MOST_IDS]


def _cut(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - len(_CUT)] + _CUT


class _Parts:
    """What the parts of a mail hold: the first text of each kind is its words, the rest are files."""

    def read(self, message: Message) -> tuple[str, str, list[AttachedFile]]:
        """Plain text, HTML, files."""
        plain, html = [], []
        files: list[AttachedFile] = []
        for number, part in enumerate(_leaves(message)):
            if number >= _MOST_PARTS:
                break
            kind, name = part.get_content_type(), _name(part)
            is_file = bool(name) or part.get_content_disposition() == "attachment"
            if kind == "text/plain" and not is_file:
                plain.append(_plain(part))
            elif kind == "text/html" and not is_file:
                html.append(_text(part))
            elif kind not in _SIGNATURES and not (kind == "text/calendar" and not is_file):
                files.append(AttachedFile(name or _unnamed(kind), _content(part)))
        return "\n".join(plain), "\n".join(html), files


def _leaves(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list) and message.get_content_maintype() != "message":
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part)
        return
    yield message


def _name(part: Message) -> str:
    return scrubbed(decoded(str(part.get_filename() or "")), 200)


def _unnamed(kind: str) -> str:
    return "message.eml" if kind == "message/rfc822" else "attachment"


def _content(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\r\n".join(item.as_bytes() for item in payload if isinstance(item, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    return text_in(_content(part), part.get_content_charset("") or "")[:_LONGEST_TEXT]


def _plain(part: Message) -> str:
    """The text, with soft line breaks joined (RFC 3676, 4.2): lines that a program broke are one."""
    text = _text(part).replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        plain = line[1:] if line.startswith(" ") else line
        can_join = is_open and not plain.startswith(">") and plain != "-- "
        if can_join:
            lines[-1] += plain
        else:
            lines.append(plain)
        is_open = plain.endswith(" ") and plain != "-- " and not plain.startswith(">")
    return "\n".join(lines)
