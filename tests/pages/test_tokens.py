"""The colours keep their contrast in both themes: WCAG 2.2, 1.4.3 and 1.4.11, level AA."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "app" / "static"
GROUNDS = ("bg", "surface", "surface-2", "surface-3", "accent-soft")
TEXT = [
    *(
        ("ink", ground)
        for ground in (*GROUNDS, "ok-soft", "warn-soft", "bad-soft", "info-soft", "accent-soft-2")
    ),
    *(("ink-2", ground) for ground in (*GROUNDS, "warn-soft", "accent-soft-2")),
    *(("ink-3", ground) for ground in ("bg", "surface", "surface-2", "accent-soft")),
    *(("accent", ground) for ground in ("bg", "surface", "surface-2", "accent-soft")),
    *(("accent-hover", ground) for ground in ("bg", "surface")),
    *(("accent-text", ground) for ground in ("accent-soft", "accent-soft-2", "surface-2")),
    *(("on-accent", ground) for ground in ("accent", "accent-hover")),
    *(
        (state, ground)
        for state in ("ok", "warn", "bad", "info")
        for ground in ("bg", "surface", f"{state}-soft")
    ),
    ("on-solid", "bad-solid"),
    ("on-toast", "toast"),
]
EDGES = [
    *(("line-strong", ground) for ground in ("bg", "surface")),
    *(("focus", ground) for ground in ("bg", "surface", "surface-2", "accent-soft")),
    *(("accent", ground) for ground in ("bg", "surface", "accent-soft")),
]


def tokens(theme: int) -> dict[str, str]:
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: colours[theme] for name, *colours in pairs}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_most_there_is() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("need", "pairs"), [(4.5, TEXT), (3.0, EDGES)], ids=["text", "edges"])
def test_every_pair_has_enough_contrast(theme: int, need: float, pairs: list[tuple[str, str]]) -> None:
    known = tokens(theme)
    weak = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < need} == {}


def test_styles_use_only_tokens_that_exist() -> None:
    known = set(re.findall(r"^\s*--([\w-]+):", (STATIC / "tokens.css").read_text(encoding="utf-8"), re.M))
    for sheet in STATIC.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        own = set(re.findall(r"--([\w-]+):", text))
        assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= known | own, sheet.name


def test_colours_stand_in_the_token_file_alone() -> None:
    for sheet in STATIC.glob("*.css"):
        if sheet.name != "tokens.css":
            assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(", sheet.read_text(encoding="utf-8")), sheet.name
