"""Requirement 30: files that people attach; kinds and names in tests/desk/files/test_kinds.py."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.desk.models import MessageFile
from app.desk.requests.service import open_request
from app.lib import clock
from app.lib.db import db, write
from tests.desk.files.test_kinds import GIF, PNG
from tests.desk.test_conversations import asked
from tests.world import World, build_world, client_of


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return build_world(db.session(), clock.now())


def address(app: Flask, world: World) -> str:
    now, settings = clock.now(), app.extensions["attache"]
    with app.app_context():
        request = write(db.session(), [], lambda s: open_request(s, now, settings, asked(world, 3)))
        return f"/requests/{request.conversation.public_id}"


def sent(app: Flask, world: World, path: str, *files: tuple[bytes, str]) -> int:
    data = {"text": "See the file", "files": [(io.BytesIO(content), name) for content, name in files]}
    return client_of(app, world.vera).post(f"{path}/messages", data=data).status_code


def kept(app: Flask) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(MessageFile)) or 0


def test_requirement_30_what_may_run_is_not_taken_in(app: Flask, world: World) -> None:
    path = address(app, world)
    for content, name in (
        (b"<html><script>alert(1)</script>", "photo.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
        (GIF + b"=1;alert(1)", "a.js"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "a.txt"),
        (b"", "empty.txt"),
        (b"a" * (10 << 20) + b"a", "large.txt"),
    ):
        assert sent(app, world, path, (content, name)) == 422, name
    assert sent(app, world, path, *[(b"a", "a.txt")] * 6) == 422
    assert sent(app, world, path, *[(b"a" * (9 << 20), "a.txt")] * 3) == 413
    assert kept(app) == 0


def test_requirement_30_what_is_taken_in_has_a_random_address_and_is_never_shown(
    app: Flask, world: World
) -> None:
    path = address(app, world)
    assert sent(app, world, path, (PNG, "../../../etc/<b>passwd.png"), (b"all is well", "log.txt")) == 303
    page = client_of(app, world.sam).get(path).get_data(as_text=True)
    found = re.findall(r'href="(/attachments/[\w-]{11,})"', page)
    assert len(set(found)) == 2 and "&lt;b&gt;" not in page and "_b_passwd.png" in page
    for file in found:
        headers = client_of(app, world.sam).get(file).headers
        assert headers["Content-Disposition"].startswith("attachment")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert client_of(app, world.mallory).get(file).status_code == 404
