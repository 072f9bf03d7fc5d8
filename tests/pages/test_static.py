"""What is sent beside the pages stays small and keeps to the strict content policy."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "app"
STATIC = ROOT / "static"
PAGES = [path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "mail"]
BASE = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")


def test_the_scripts_are_small_modules() -> None:
    sizes = {path.name: path.stat().st_size for path in STATIC.glob("*.js")}
    assert set(sizes) == {"app.js", "chat.js", "passkey.js"}
    assert sizes["app.js"] < 8192
    assert sizes["chat.js"] < 12_288
    assert sizes["passkey.js"] < 4096


def test_everything_beside_a_page_weighs_little_on_the_wire() -> None:
    weight = sum(len(gzip.compress(path.read_bytes())) for path in STATIC.iterdir())
    assert weight < 20_000


def test_every_file_that_pages_ask_for_exists_and_none_is_left_over() -> None:
    asked = {name for path in PAGES for name in re.findall(r"asset\('([^']+)'\)", path.read_text("utf-8"))}
    assert asked == {path.name for path in STATIC.iterdir()}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_templates_keep_to_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|<iframe", text)
    assert len(re.findall(r"<script", text)) == (3 if path.name == "base.html" else 0)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_form_that_writes_carries_its_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forms = re.findall(r'<form[^>]*method="post".*?</form>', text, re.S)
    assert text.count('method="post"') == len(forms)
    assert all("ui.csrf()" in form for form in forms)


def test_pictures_hold_no_script() -> None:
    for picture in STATIC.glob("*.svg"):
        assert "script" not in picture.read_text(encoding="utf-8")
