"""Where the tests' Chromium is looked for, and in which order."""

from pathlib import Path

from scripts.browsers import find_chromium


def _executable(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(0o755)
    return str(path)


def test_the_named_one_comes_first(tmp_path: Path) -> None:
    named = _executable(tmp_path / "mine")
    _executable(tmp_path / "bin" / "chromium")
    assert find_chromium({"CHROMIUM_PATH": named, "PATH": str(tmp_path / "bin")}) == named


def test_a_named_one_that_is_not_there_is_not_replaced_silently(tmp_path: Path) -> None:
    _executable(tmp_path / "bin" / "chromium")
    assert find_chromium({"CHROMIUM_PATH": "/nowhere", "PATH": str(tmp_path / "bin")}) is None


def test_the_headless_one_of_the_path_comes_before_the_whole_one(tmp_path: Path) -> None:
    _executable(tmp_path / "chromium")
    small = _executable(tmp_path / "chromium-headless-shell")
    assert find_chromium({"PATH": str(tmp_path), "HOME": str(tmp_path)}) == small
