"""The files of a form that was sent."""

from collections.abc import Iterable

from werkzeug.datastructures import FileStorage

from app.desk.files.errors import FileRefused
from app.desk.files.kinds import MOST_BYTES, MOST_BYTES_TOGETHER, MOST_FILES, clean_name, new_file
from app.desk.values import NewFile


def uploaded(storages: Iterable[FileStorage]) -> tuple[NewFile, ...]:
    """The files that were chosen, in their order; fields that were left empty are none.

    Raises FileRefused for the first that cannot be taken, and when they are too many or too much.
    """
    chosen = [storage for storage in storages if storage.filename]
    if len(chosen) > MOST_FILES:
        raise FileRefused("file_count")
    files, together = [], 0
    for storage in chosen:
        content = storage.stream.read(MOST_BYTES + 1)
        files.append(new_file(storage.filename or "", content))
        together += len(content)
        if together > MOST_BYTES_TOGETHER:
            raise FileRefused("file_size", clean_name(storage.filename or ""))
    return tuple(files)
