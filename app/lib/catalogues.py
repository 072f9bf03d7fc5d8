"""Compiling the translations, which are kept in git as text alone."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(folder: Path) -> None:
    """Compile each catalogue below ``folder`` whose compiled form is missing or older than its source."""
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        scratch = target.with_suffix(".new")
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        with scratch.open("wb") as file:
            write_mo(file, catalogue)
        scratch.replace(target)
