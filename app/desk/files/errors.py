"""What can be wrong with files that somebody sends."""

from app.lib.errors import DomainError


class FileRefused(DomainError):
    """A file is not taken in: ``reason`` is ``file_kind``, ``file_size``, ``file_empty`` or ``file_count``.

    ``name`` is the file's, cleaned, empty when they are too many.
    """

    code = "file_refused"

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(f"file {name!r} refused: {reason}")
        self.reason = reason
        self.name = name
