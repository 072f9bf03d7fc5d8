"""The audit log on pages, as JSON lines and over the API."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.auditing.service import follow
from app.accounts.models import AuditEntry
from app.accounts.service import record
from app.lib import clock
from app.lib.db import db
from tests.api.conftest import api_client
from tests.booking.conftest import _nobody_writes, now, world
from tests.pages.client import PageClient
from tests.world import World

__all__ = ["_nobody_writes", "now", "world"]

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def ada(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.ada)


@pytest.fixture
def log(app: Flask, world: World) -> None:
    """Some facts of three people on three days."""
    with app.app_context():
        session = db.session()
        record(session, NOON, world.vera.user, "booked", "booking", "b1", "203.0.113.7", start="10:00")
        record(session, NOON + timedelta(days=1), world.sam.user, "moved", "booking", "b1")
        changes = {"notice": [120, 60]}
        at = NOON + timedelta(days=2)
        record(session, at, world.ada.user, "changed", "setting", "rules", changes=changes)
        session.commit()


def rows(page: Any) -> list[list[str]]:
    """Actor, verb and object of each row shown."""
    found = []
    for row in page.tree.findall(".//tbody/tr"):
        cells = [" ".join(cell.text_content().split()) for cell in row]
        found.append([cells[1], cells[2], cells[3].removesuffix("Open the call"), cells[4]])
    return found


VERA = ["Vera Lindqvist 203.0.113.7", "booked", "booking b1", "start: 10:00"]
SAM = ["Sam Horvath", "moved", "booking b1", ""]
ADA = ["Ada Fischer", "changed", "setting rules", "notice: 120 → 60"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"until": "2026-11-22"}, [2, 1, 0]),
        ({"person": "Vera@Nordwind.example"}, [0]),
        ({"verb": "moved"}, [1]),
        ({"type": "booking", "object": "b1"}, [1, 0]),
        ({"from": "2026-11-21", "until": "2026-11-21"}, [1]),
        ({"address": "203.0.113.7"}, [0]),
        ({"person": "nobody\x00"}, []),
        ({"until": "2026-11-22", "from": "nonsense"}, [2, 1, 0]),
    ],
)
def test_the_log_is_searched(ada: PageClient, log: None, query: dict[str, str], expected: list[int]) -> None:
    page = ada.get("/audit", **query)
    found = rows(page)
    assert [row[1] for row in found] == [["booked", "moved", "changed"][number] for number in expected]


def test_a_change_is_shown_as_before_and_after(ada: PageClient, log: None) -> None:
    (changed, moved, booked) = rows(ada.get("/audit", until="2026-11-22"))
    assert changed[1:] == ADA[1:]
    assert moved[1:] == SAM[1:]
    assert booked[1:] == VERA[1:]
    assert booked[0].endswith("203.0.113.7")


def test_pages_follow_each_other_without_gaps_and_cost_little(
    app: Flask, ada: PageClient, world: World, count_queries: Callable[[], Any]
) -> None:
    with app.app_context():
        for number in range(120):
            # Two at a time in one moment: the order is that of the ids then.
            at = NOON + timedelta(minutes=number // 2)
            record(db.session(), at, world.vera.user, "booked", "booking", f"n{number}")
        db.session.commit()
    path, seen = "/audit?verb=booked", []
    while path:
        with count_queries() as queries:
            page = ada.get(path)
        seen += [row[2] for row in rows(page)]
        assert len(queries) <= 12
        path = next((link for link in page.links() if "before=" in link), "")
    assert seen == [f"booking n{number}" for number in reversed(range(120))]


def test_the_log_is_handed_out_as_lines_and_that_is_written_down(
    app: Flask, ada: PageClient, world: World, log: None
) -> None:
    hostile = 'x\n{"actor":"forged"}\r\n\u2028\u2029\x85"}\\'
    with app.app_context():
        record(db.session(), NOON, hostile, "booked", "booking", hostile, reason=hostile)
        db.session.commit()
    answer = ada.send("/audit/export", verb="booked")
    assert answer.content_type == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.ndjson"'
    lines = answer.text.splitlines()
    forged, booked = (json.loads(line) for line in lines)
    assert forged["detail"] == {"reason": hostile}
    assert {key: booked[key] for key in ("at", "actor", "verb", "object_id", "client_address")} == {
        "at": "2026-11-20T12:00:00Z",
        "actor": world.vera.email,
        "verb": "booked",
        "object_id": "b1",
        "client_address": "203.0.113.7",
    }
    with app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.verb, last.detail) == ("exported the audit log", {"asked": {"verb": "booked"}})
    assert ada.client.get("/audit/export").status_code == 405


def test_facts_about_settings_of_before_are_read_as_they_were_written(
    app: Flask, ada: PageClient, world: World
) -> None:
    old = {"before": {"notice": 120}, "after": {"notice": 60}}
    with app.app_context():
        record(db.session(), NOON, world.ada.user, "changed", "setting", "rules", **old)
        db.session.commit()
    (row,) = rows(ada.get("/audit", until="2026-11-22"))
    assert row[1:] == ["changed", "setting rules", 'before: {"notice": 120}after: {"notice": 60}']
    (line,) = ada.send("/audit/export", verb="changed").text.splitlines()
    assert json.loads(line)["detail"] == old
    entries = api_client(app, world.ada.email, "admin").get("/audit").get_json()["entries"]
    assert [item["detail"] for item in entries if item["verb"] == "changed"] == [old]


def test_programs_follow_the_log(app: Flask, world: World, log: None) -> None:
    client = api_client(app, world.ada.email, "admin")
    seen, after = [], 0
    while True:
        answer = client.get("/audit", after=after, limit=2).get_json()
        if not answer["entries"]:
            break
        seen += [item["id"] for item in answer["entries"]]
        after = answer["after"]
    assert seen == sorted(set(seen))
    with app.app_context():
        settled = select(AuditEntry.id).where(AuditEntry.at < clock.now() - timedelta(seconds=30))
        assert set(seen) == set(db.session.scalars(settled)) != set()
        assert set(db.session.scalars(select(AuditEntry.id))) > set(seen)
        viewed = select(AuditEntry.actor).where(AuditEntry.verb == "viewed the audit log")
        assert list(db.session.scalars(viewed)) == [world.ada.email]


@pytest.mark.postgres
def test_a_fact_that_comes_late_is_not_passed_over(session: Session) -> None:
    until = NOON + timedelta(seconds=30)
    for at in (NOON, until, NOON):
        record(session, at, "operator", "booked", "booking", "b1")
    session.commit()
    first, second, third = session.scalars(select(AuditEntry.id).order_by(AuditEntry.id))

    def told(after: int, now: datetime) -> list[int]:
        return [row.id for row in follow(session, now, after, 10)]

    assert told(0, until + timedelta(seconds=30)) == [first]
    assert told(first, until + timedelta(seconds=31)) == [second, third]
