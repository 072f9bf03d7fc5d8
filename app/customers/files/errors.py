"""Why a file is not taken in."""

from app.lib.errors import DomainError


class FileFaulty(DomainError):
    """Some lines cannot be taken, so none is."""

    code = "file_faulty"


class FileOvertaken(DomainError):
    """Something changed since the file was looked at, so that it would do something else now."""

    status = 409
    code = "file_overtaken"
