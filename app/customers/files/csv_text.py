"""Comma-separated files (RFC 4180) as people's spreadsheets write and read them; bytes to rows and back."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Spreadsheets take a cell that begins so for a formula; an apostrophe before it makes it text. Those that
# split at commas take our quotes for text, and what follows a comma or a line's end for another cell.
_FORMULA = r"['\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]"
_BLANK = r"'*[\t\r\n]"
_HARMFUL = re.compile(rf"(?:^|(?<=[,\r\n]))(?={_FORMULA})|^(?={_BLANK})")
_KEPT = re.compile(rf"(?:^|(?<=[,\r\n]))'(?={_FORMULA})|^'(?={_BLANK})")
# Excel splits a file at semicolons where commas are for decimals, and knows UTF-8 by its mark.
_DELIMITER = ";"
_MARK = "\ufeff"
MOST_LINES = 5000
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class LineFault:
    """Something that cannot be taken: the line where it begins, the column, why, and what is there.

    ``reason``: those of app/customers/typed/faults.py and ``encoding``, ``no_header``, ``unknown_column``,
    ``missing_column``, ``column_twice``, ``quotes``, ``cells``, ``lines``, ``twice``, ``taken``,
    ``no_company``, ``no_such_id``, ``moved``, ``plan``, ``overlap``, ``begun``, ``runs``.
    """

    line: int
    column: str
    reason: str
    value: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: the number of its first line, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """What a file holds, or what is wrong with it."""

    lines: tuple[Line, ...]
    faults: tuple[LineFault, ...]


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file that spreadsheets open as it is, and of which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=_DELIMITER, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return (_MARK + text.getvalue()).encode()


def from_csv(data: bytes, known: Collection[str], required: Collection[str]) -> CsvFile:
    """The rows of a file in UTF-8, with or without its mark, at commas or semicolons, without empty ones."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].count(b"\n") + 1
        return _only(LineFault(before, "", "encoding"))
    if "\x00" in text:
        return _only(LineFault(text[: text.index("\x00")].count("\n") + 1, "", "encoding"))
    try:
        return _read(text, known, required)
    except csv.Error:
        return _only(LineFault(_line_of(text), "", "quotes"))


def _read(text: str, known: Collection[str], required: Collection[str]) -> CsvFile:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    faults = _faults_of(header, known, required)
    if faults:
        return CsvFile((), tuple(faults))
    lines: list[Line] = []
    number = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) != len(header):
                faults.append(LineFault(number, "", "cells", str(len(cells)), len(header)))
            pairs = zip(header, cells, strict=False)
            lines.append(Line(number, {name: _meant(cell) for name, cell in pairs}))
        number = reader.line_num + 1
    if len(lines) > MOST_LINES:
        return _only(LineFault(lines[MOST_LINES].number, "", "lines", limit=MOST_LINES))
    return CsvFile(() if faults else tuple(lines), tuple(faults))


def _faults_of(header: Sequence[str], known: Collection[str], required: Collection[str]) -> list[LineFault]:
    if not any(header):
        return [LineFault(1, "", "no_header")]
    faults = [LineFault(1, name[:_SHOWN], "unknown_column") for name in header if name not in known]
    faults += [LineFault(1, name, "missing_column") for name in required if name not in header]
    twice = {name for name in header if header.count(name) > 1 and name in known}
    return faults + [LineFault(1, name, "column_twice") for name in sorted(twice)]


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") >= first.count(",") else ","


def _line_of(text: str) -> int:
    """Where quotes went wrong: the line up to which the file can be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    before = 0
    try:
        for _cells in reader:
            before = reader.line_num
    except csv.Error:
        return before + 1
    return before


def _only(fault: LineFault) -> CsvFile:
    return CsvFile((), (fault,))


def _harmless(cell: str) -> str:
    return _HARMFUL.sub("'", cell)


def _meant(cell: str) -> str:
    """The apostrophes that keep a cell from being a formula are no part of it."""
    return _KEPT.sub("", cell)
