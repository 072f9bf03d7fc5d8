"""Which files are taken in: known by their content, and named so that no system runs them."""

import re
from types import MappingProxyType

import filetype

from app.desk.files.errors import FileRefused
from app.desk.values import NewFile
from app.lib.text import scrubbed

MOST_FILES = 5
MOST_BYTES = 10 << 20
MOST_BYTES_TOGETHER = 20 << 20

_NAME_LIMIT = 150
_ENDING_LIMIT = 20
_LOOKED_AT = 1024
_PDF = b"%PDF-"
_PICTURES = ("png", "jpg", "jpeg", "gif", "webp")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENT = "application/vnd.oasis.opendocument"
_PACKED = ("zip", "docx", "xlsx", "pptx", "odt", "ods")
_TEXTS = ("txt", "csv", "log", "json")
_TEXT = "text/plain"
# What a file with such content may be named; the first is given to names without an ending.
_ENDINGS = MappingProxyType(
    {
        "image/png": ("png", *_PICTURES),
        "image/jpeg": ("jpg", *_PICTURES),
        "image/gif": ("gif", *_PICTURES),
        "image/webp": ("webp", *_PICTURES),
        "application/pdf": ("pdf",),
        # Office files are packed; whose parts stand in an unusual order look like any other.
        "application/zip": _PACKED,
        f"{_OFFICE}.wordprocessingml.document": ("docx",),
        f"{_OFFICE}.spreadsheetml.sheet": ("xlsx",),
        f"{_OFFICE}.presentationml.presentation": ("pptx",),
        f"{_DOCUMENT}.text": ("odt",),
        f"{_DOCUMENT}.spreadsheet": ("ods",),
        "audio/mpeg": ("mp3",),
        "audio/x-wav": ("wav",),
        "audio/ogg": ("ogg", "oga"),
        "audio/mp4": ("m4a",),
        _TEXT: _TEXTS,
    }
)
# ESC colours the lines of many logs.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# Markup (HTML, SVG, XML) and scripts that name their interpreter.
_ACTIVE = re.compile(r"\s*(?:<[a-z!?/]|#!)", re.IGNORECASE)
_UNFIT = re.compile(r'[<>:"|?*]')


def new_file(name: str, content: bytes) -> NewFile:
    """A file to keep, with a clean name and its type by content; raises FileRefused."""
    media_type, known = media_type_of(name, content), clean_name(name)
    return NewFile(known if _ending(known) else f"{known}.{_ENDINGS[media_type][0]}", media_type, content)


def media_type_of(name: str, content: bytes) -> str:
    """The media type of a file by its content; raises FileRefused for what is not taken in.

    The ending has to fit the content: some systems run what is named so, whatever is in it.
    """
    known = clean_name(name)
    if not content:
        raise FileRefused("file_empty", known)
    if len(content) > MOST_BYTES:
        raise FileRefused("file_size", known)
    found = _type_of(content)
    endings, ending = _ENDINGS.get(found, ()), _ending(known)
    if not endings or (ending and ending not in endings):
        raise FileRefused("file_kind", known)
    return found


def clean_name(name: str) -> str:
    """A file's name without its path and without characters that systems or pages take for something else.

    At most 150 characters, the ending kept; ``file`` when nothing is left.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    # Windows takes dots and blanks at the end away, and then sees another ending.
    plain = _UNFIT.sub("_", scrubbed(last, len(last))).strip(". ")
    if len(plain) > _NAME_LIMIT:
        stem, dot, ending = plain.rpartition(".")
        kept = f"{dot}{ending}"[:_ENDING_LIMIT] if stem else ""
        plain = (stem or plain)[: _NAME_LIMIT - len(kept)] + kept
    return plain or "file"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _type_of(content: bytes) -> str:
    """The type of what is known, else an empty text."""
    # Words may begin like something else ("BM", "MZ"); a document may be written in words alone.
    if not content.startswith(_PDF) and (text := _text_of(content)) is not None:
        return "" if _ACTIVE.match(text) else _TEXT
    kind = filetype.guess(content)
    return str(kind.mime) if kind else ""


def _text_of(content: bytes) -> str | None:
    """Its first words if it is a text, in whatever encoding; None for anything else."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            content = content.decode("utf-16").encode()
    except UnicodeDecodeError:
        return None
    if _BINARY.search(content):
        return None
    return content[:_LOOKED_AT].decode("utf-8-sig", "replace")
