"""How files leave the service, and how much of them it takes in."""

import io
from datetime import timedelta

import pytest
from flask import Flask, request
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.accounts.guards import may
from app.accounts.models import AuditEntry
from app.accounts.rights import Right
from app.desk.files.errors import FileRefused
from app.desk.files.forms import uploaded
from app.desk.files.guards import takes_files
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, NewFile, Side, Written
from app.lib import clock
from app.lib.db import db, write
from tests.desk.files.test_kinds import PNG
from tests.world import Member, World, build_world, client_of

MIB = 1 << 20


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now() - timedelta(days=1))


def kept(app: Flask, world: World, file: NewFile, *, author: Member | None = None, **more: bool) -> str:
    """The address of a file in Vera's conversation."""
    now, settings = clock.now(), app.extensions["attache"]
    who = author or world.vera
    side = Side.STAFF if who.user.is_staff else Side.CUSTOMER
    with app.app_context():
        own = write(
            db.session(), [], lambda s: standing_conversation(s, now, world.vera.profile, Channel.CHAT)
        )
        written = Written(side, Channel.CHAT, "", "file", who.id, who.user.name, files=(file,), **more)
        message = write(db.session(), [], lambda s: write_message(s, now, settings, own.id, written))
        return f"/attachments/{message.files[0].public_id}"


def test_a_file_is_saved_never_shown(app: Flask, world: World) -> None:
    address = kept(app, world, NewFile('Счёт "5"; x.png', "image/png", PNG))
    answer = client_of(app, world.sam).get(address)
    assert answer.status_code == 200 and answer.data == PNG
    headers = answer.headers
    disposition = headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82%20%225%22%3B%20x.png" in disposition
    assert headers["Content-Type"] == "image/png" and headers["X-Content-Type-Options"] == "nosniff"
    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "sandbox"} <= policy and not any("'self'" in part for part in policy)
    assert headers["Cache-Control"] == "private, no-store" and "ETag" not in headers


def test_other_pages_keep_their_policy(app: Flask, world: World) -> None:
    kept(app, world, NewFile("a.png", "image/png", PNG))
    policy = client_of(app, world.vera).get("/").headers["Content-Security-Policy"]
    assert "sandbox" not in policy and "style-src 'self'" in policy


def test_foreign_files_and_those_of_internal_notes_do_not_exist(app: Flask, world: World) -> None:
    note = NewFile("a.png", "image/png", PNG)
    address = kept(app, world, note, author=world.sam, is_internal=True)
    seen = {
        name: client_of(app, getattr(world, name)).get(address).status_code
        for name in ("vera", "pavel", "mallory", "sam", "rita", "lev", "ada")
    }
    assert seen == {
        "vera": 404,
        "pavel": 404,
        "mallory": 404,
        "sam": 200,
        "rita": 404,
        "lev": 404,
        "ada": 200,
    }
    assert client_of(app).get(address).status_code == 303
    with app.app_context():
        told = db.session().scalars(select(AuditEntry.verb).where(AuditEntry.actor_id == world.ada.id)).all()
    assert "viewed a file" in told


def storages(*sizes: int) -> list[FileStorage]:
    return [FileStorage(io.BytesIO(b"a" * size), filename=f"{size}.txt") for size in sizes]


def test_files_of_a_form_come_in_order_and_empty_fields_are_none() -> None:
    fields = [*storages(3), FileStorage(io.BytesIO(b""), filename=""), *storages(2)]
    assert [(file.name, file.content) for file in uploaded(fields)] == [("3.txt", b"aaa"), ("2.txt", b"aa")]


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ((1,) * 6, "file_count"),
        ((1, 0), "file_empty"),
        ((10 * MIB + 1,), "file_size"),
        ((10 * MIB, 10 * MIB, 1), "file_size"),
    ],
)
def test_too_many_files_and_too_much_are_refused(sizes: tuple[int, ...], reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        uploaded(storages(*sizes))
    assert refused.value.reason == reason


def test_only_where_files_are_taken_and_only_from_people_who_are_signed_in_a_form_may_be_large(
    app: Flask, world: World
) -> None:
    @may(Right.SEE_DESK)
    @takes_files
    def here() -> str:
        return str(sum(len(file.content) for file in uploaded(request.files.getlist("files"))))

    @may(Right.SEE_DESK)
    def elsewhere() -> str:
        return str(len(request.files))

    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/here", view_func=here, methods=["POST"])
    app.add_url_rule("/elsewhere", view_func=elsewhere, methods=["POST"])

    def sent(member: Member | None, path: str, size: int) -> tuple[int, str]:
        data = {"files": (io.BytesIO(b"a" * size), "a.txt")}
        answer = client_of(app, member).post(path, data=data)
        return answer.status_code, answer.get_data(as_text=True)

    assert sent(world.vera, "/here", 2 * MIB) == (200, str(2 * MIB))
    assert sent(world.vera, "/here", 22 * MIB)[0] == 413
    assert sent(world.vera, "/elsewhere", 2 * MIB)[0] == 413
    assert sent(None, "/here", 2 * MIB)[0] == 413
    refused = sent(world.vera, "/here", 10 * MIB + 1)
    assert refused[0] == 422 and "A file can have 10 MB" in refused[1]
