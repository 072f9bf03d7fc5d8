"""Files as spreadsheets write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.files.csv_text import MOST_LINES, from_csv, to_csv

KNOWN = ("id", "name", "note")
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


def cells(data: bytes) -> list[dict[str, str]]:
    read = from_csv(data, KNOWN, ("name",))
    assert read.faults == ()
    return [dict(line.cells) for line in read.lines]


def faults(data: bytes) -> list[tuple[int, str, str]]:
    read = from_csv(data, KNOWN, ("name",))
    assert read.lines == ()
    return [(fault.line, fault.column, fault.reason) for fault in read.faults]


@given(st.lists(st.tuples(CELLS, CELLS.map(lambda text: f"x{text}")), max_size=5))
def test_what_is_written_is_read_again_as_it_was(rows: list[tuple[str, str]]) -> None:
    read = cells(to_csv(("note", "name"), rows))
    assert [(row["note"], row["name"]) for row in read] == rows


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "'=", "''+"])
def test_no_cell_is_a_formula(start: str) -> None:
    """Requirement 20 of the security list."""
    text = f"{start}HYPERLINK(1)"
    data = to_csv(("name",), [[text]])
    assert b"'" + text.encode() in data
    assert cells(data) == [{"name": text}]


@pytest.mark.parametrize("text", ["x,=1+1", "x\n@SUM(1)", "x,'=1", "x\r\n-1,+1", 'x,"=1,y', 'x\n"@1,y'])
def test_no_part_of_a_cell_becomes_a_formula_where_files_are_split_at_commas(text: str) -> None:
    """Requirement 20: a spreadsheet of another language takes the quotes of our cells for text."""
    data = to_csv(("name", "note"), [["A", text]])
    parts = re.split("[,\r\n]", data.decode("utf-8-sig"))
    assert not [part for part in parts if part.lstrip('"').startswith(("=", "+", "-", "@"))]
    assert cells(data) == [{"name": "A", "note": text}]


@pytest.mark.parametrize(
    "data",
    [
        b"name,note\nA,B\n",
        b"name;note\r\nA;B\r\n",
        b"\xef\xbb\xbfname;note\nA;B",
        b'Name , "note"\n"A","B"\n\n,\n',
    ],
)
def test_commas_semicolons_marks_and_ends_of_lines_are_all_known(data: bytes) -> None:
    data = data.replace(b' "note"', b"note")
    assert cells(data) == [{"name": "A", "note": "B"}]


def test_a_quoted_cell_has_lines_and_the_next_line_keeps_its_number() -> None:
    read = from_csv(b'name,note\n"A","one\ntwo ""x"""\nB,\n', KNOWN, ("name",))
    assert [(line.number, line.cells["note"]) for line in read.lines] == [(2, 'one\ntwo "x"'), (4, "")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [(1, "", "no_header")]),
        (b"name,note\nM\xfcller,\n", [(2, "", "encoding")]),
        ("name\nA".encode("utf-16"), [(1, "", "encoding")]),
        (b"name,note\nA,\x00\n", [(2, "", "encoding")]),
        (b"name,size\nA,1\n", [(1, "size", "unknown_column")]),
        (b"note\nA\n", [(1, "name", "missing_column")]),
        (b"name,name\nA,B\n", [(1, "name", "column_twice")]),
        (b"name,note\nA,B,C\nD\n", [(2, "", "cells"), (3, "", "cells")]),
        (b'name,note\nA,B\n"C,D\n', [(3, "", "quotes")]),
        (b'name,note\nA,"B"x\n', [(2, "", "quotes")]),
        (b"name\n" + b"A\n" * (MOST_LINES + 1), [(MOST_LINES + 2, "", "lines")]),
    ],
)
def test_what_cannot_be_read_is_named_by_line(data: bytes, expected: list[tuple[int, str, str]]) -> None:
    assert faults(data) == expected


def test_as_many_lines_as_are_promised_fit() -> None:
    assert len(from_csv(b"name\n" + b"A\n" * MOST_LINES, KNOWN, ("name",)).lines) == MOST_LINES
