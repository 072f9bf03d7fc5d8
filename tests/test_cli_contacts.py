"""The commands for a contact's data and for feeds."""

import json
from pathlib import Path

import icalendar
import pytest
from flask import Flask

from app.lib import clock
from app.lib.db import db
from tests.world import World, build_world


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now())


@pytest.mark.usefixtures("world")
def test_data_are_written_for_their_owner_alone(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "vera"
    result = app.test_cli_runner().invoke(args=["export-contact", "Vera@nordwind.example", str(folder)])
    assert result.exit_code == 0, result.output
    assert json.loads((folder / "data.json").read_text())["profile"]["company"] == "Nordwind"
    assert icalendar.Calendar.from_ical((folder / "calls.ics").read_bytes())
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.usefixtures("world")
def test_erasing_asks_and_does_it_once(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["erase-contact", "vera@nordwind.example"], input="n\n").exit_code == 1
    done = run(args=["erase-contact", "vera@nordwind.example"], input="y\n")
    assert (done.exit_code, "Erased." in done.output) == (0, True)
    again = run(args=["erase-contact", "vera@nordwind.example", "--yes"])
    assert again.exit_code == 1
    assert "no contact has the address" in again.output


@pytest.mark.usefixtures("world")
def test_specialists_cannot_be_erased_so(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["erase-contact", "sam@attache.example", "--yes"])
    assert result.exit_code == 1


@pytest.mark.usefixtures("world")
def test_a_feed_of_either_kind_is_made(app: Flask) -> None:
    for kind in ("calls", "presence"):
        made = app.test_cli_runner().invoke(args=["feed-link", "vera@nordwind.example", "--kind", kind])
        assert made.exit_code == 0, made.output
        path = "/feeds/" + made.output.strip().partition("/feeds/")[2]
        assert app.test_client().get(path).status_code == 200
    refused = app.test_cli_runner().invoke(args=["feed-link", "sam@attache.example", "--kind", "presence"])
    assert refused.exit_code == 1
