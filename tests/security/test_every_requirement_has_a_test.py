"""Each requirement on security has a test of its number, here or beside those of accounts."""

import ast
import re
from pathlib import Path

REQUIRED = set(range(1, 48))


def numbers_in(texts: list[str]) -> set[int]:
    """The numbers of the tests in these modules."""
    names = [
        node.name for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)
    ]
    return {int(match[1]) for name in names if (match := re.match(r"test_requirement_(\d\d)_\w", name))}


def test_every_requirement_has_a_test() -> None:
    here = Path(__file__).parent
    paths = [*here.glob("test_*.py"), *(here.parent / "accounts").glob("test_*.py")]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    assert sorted(REQUIRED - numbers_in(texts)) == []


def test_a_missing_one_is_found() -> None:
    assert numbers_in(["def test_requirement_07_staff_need_a_second_factor(): ...\ndef helper(): ..."]) == {7}
