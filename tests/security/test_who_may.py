"""Every route × person: the table has each answer, and the rules say what may stand in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import rows
from tests.security.ground import FOREIGN, PEOPLE, Ground
from tests.security.who_may import HEADING, OF_NOBODY, TABLE, Asked, everybody_asks, laid_out
from tests.support.databases import copy_sqlite

AGAIN = "python -m tests.security.who_may > tests/security/who_may.txt"


@pytest.fixture(scope="module")
def everything(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ground, list[Asked]]]:
    """What everybody is answered by every route."""
    folder = tmp_path_factory.mktemp("who_may")
    copy_sqlite(sqlite_template, folder / "attache.sqlite")
    with laid_out(folder) as (ground, database):
        yield ground, everybody_asks(ground, database)


def wrong(ground: Ground, asked: Asked) -> Iterator[str]:
    """What the rules do not allow of these answers."""
    kind, given = asked.guard[0], asked.statuses
    yield from (f"{who} learns that it exists" for who in asked.telling)
    yield from (f"{who}: {given[who]}" for who in PEOPLE if given[who] >= 500 and "readyz" not in asked.name)
    if kind not in {"may", "bearer"}:
        return
    nobody, lacking = (303, 404) if kind == "may" else (401, 403)
    if given["nobody"] != nobody:
        yield f"nobody: {given['nobody']}"
    for who in PEOPLE[1:]:
        if not asked.admits(who, ground):
            if given[who] != lacking:
                yield f"{who} lacks {asked.guard[1]}: {given[who]}"
        elif who in FOREIGN and asked.rule.arguments - OF_NOBODY and given[who] not in {404, 409}:
            yield f"{who} comes to what is not theirs: {given[who]}"


def test_requirement_12_the_table_says_how_everybody_is_answered_by_every_route(
    everything: tuple[Ground, list[Asked]],
) -> None:
    lines = [HEADING, *(asked.line for asked in everything[1])]
    known = TABLE.read_text(encoding="utf-8").splitlines()
    assert lines == known, f"read what is new, then: {AGAIN}"


def test_requirement_12_no_role_comes_where_it_has_no_right(everything: tuple[Ground, list[Asked]]) -> None:
    ground, answers = everything
    findings = [f"{asked.name}: {what}" for asked in answers for what in wrong(ground, asked)]
    assert not findings, rows(findings)


def test_a_planted_leak_is_found(everything: tuple[Ground, list[Asked]]) -> None:
    ground, answers = everything
    (show,) = [asked for asked in answers if asked.name == "GET booking.show"]
    assert list(wrong(ground, show)) == []
    leaking = Asked(show.rule, "GET", show.guard, show.statuses | {"other_contact": 200, "nobody": 200}, ())
    assert len(list(wrong(ground, leaking))) == 2
    telling = Asked(show.rule, "GET", show.guard, show.statuses, ("other_contact",))
    assert list(wrong(ground, telling)) == ["other_contact learns that it exists"]
    overview = next(asked for asked in answers if asked.name == "GET admin.overview")
    opened = Asked(overview.rule, "GET", overview.guard, overview.statuses | {"contact": 200}, ())
    assert list(wrong(ground, opened)) == ["contact lacks see_overview: 200"]
