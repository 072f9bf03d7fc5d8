"""The large collection of calendar files, which is not part of the repository."""

from collections.abc import Mapping
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ical"


def find_corpus(environ: Mapping[str, str]) -> Path | None:
    """The folder that CALENDAR_CORPUS names, else ../shared/data/ical where it is there."""
    named = environ.get("CALENDAR_CORPUS", "")
    folder = Path(named) if named else DEFAULT
    return folder if folder.is_dir() else None
