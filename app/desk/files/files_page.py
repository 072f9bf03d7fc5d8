"""Files of a message in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.desk.values import FileValue

_KILO = 1000


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file to be downloaded: the id in its address, its name, and how large it is."""

    id: str
    name: str
    size: str


def file_lines(files: Iterable[FileValue]) -> tuple[FileLine, ...]:
    """The files in their order."""
    return tuple(FileLine(file.public_id, file.name, size_words(file.size)) for file in files)


def size_words(size: int) -> str:
    """A number of bytes, as people say it; rounded up, so that nothing has none."""
    kilos = -(-size // _KILO)
    if kilos < _KILO:
        return _("%(size)s KB", size=kilos)
    return _("%(size)s MB", size=format_decimal(round(size / _KILO**2, 1)))
