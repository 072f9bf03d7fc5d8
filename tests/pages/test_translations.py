"""Every text exists in every language: a string without a Russian translation fails here."""

import re
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

APP = Path(__file__).parents[2] / "app"
METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "lazy_gettext": None, "_n": (1, 2)}


@lru_cache
def russian() -> Catalog:
    """The Russian catalogue as it stands in the repository."""
    with (APP / "translations/ru/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, "ru")


@lru_cache
def texts() -> frozenset[str | tuple[str, ...]]:
    """Every text of code and templates that people read."""
    options = {"templates/**": {"encoding": "utf-8"}}
    found = extract_from_dir(APP, METHODS, options, keywords=KEYWORDS, strip_comment_tags=False)
    return frozenset(message for _file, _line, message, _comments, _context in found)


def _key(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def test_there_are_texts_to_translate() -> None:
    assert len(texts()) > 200


def test_every_text_is_translated_into_russian() -> None:
    missing = []
    for message in texts():
        entry = russian().get(_key(message))
        strings = (
            () if entry is None else (entry.string if isinstance(entry.string, tuple) else (entry.string,))
        )
        if not strings or not all(strings):
            missing.append(message)
    assert missing == []


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    known = {_key(message) for message in texts()}
    assert [entry.id for entry in russian() if entry.id and _key(entry.id) not in known] == []


def test_no_translation_is_a_guess() -> None:
    assert [entry.id for entry in russian() if entry.id and entry.fuzzy] == []


@pytest.mark.parametrize("form", [0, 1, 2])
def test_plurals_have_all_three_russian_forms(form: int) -> None:
    plurals = [entry for entry in russian() if isinstance(entry.id, tuple)]
    assert plurals
    assert all(len(entry.string) == 3 and entry.string[form] for entry in plurals)


def test_translations_keep_the_placeholders() -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text))

    for entry in russian():
        if not entry.id:
            continue
        wanted = set().union(
            *(names(text) for text in ((entry.id,) if isinstance(entry.id, str) else entry.id))
        )
        strings = (entry.string,) if isinstance(entry.string, str) else entry.string
        assert all(names(text) <= wanted for text in strings), entry.id
        assert any(names(text) == wanted for text in strings), entry.id
