"""API tokens: who may have which, for how long, and what they are good for."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.accounts.models import ApiToken, AuditEntry, User
from app.accounts.rights import Right, Scope, needed_scope, offered_scopes
from app.accounts.tokens.errors import TokenRefused
from app.accounts.tokens.service import find_use, make_token
from app.accounts.tokens.tokens import MOST_TOKENS, TokenWish
from app.accounts.values import ROLES
from app.lib import clock
from app.lib.db import db
from app.lib.tokens import token_hash
from tests.accounts.browsing import change
from tests.pages.client import PageClient
from tests.world import World, build_world


@pytest.fixture
def cast(session: Session) -> World:
    return build_world(session, clock.now())


def made(app: Flask, member: object, *scopes: Scope, days: int = 90) -> str:
    with app.app_context():
        wish = TokenWish("test", frozenset(scopes), days)
        token = make_token(db.session(), clock.now(), member.user, wish)  # type: ignore[attr-defined]
        db.session.commit()
    return token


def ask(app: Flask, token: str, path: str = "/me", method: str = "GET") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = app.test_client().open(f"/api/v1{path}", method=method, headers=headers)
    return answer.status_code, (answer.get_json() or {}).get("code", "")


def test_scopes_are_offered_as_the_role_can_use_them() -> None:
    assert {role: set(offered_scopes(role)) for role in ROLES} == {
        "contact": {Scope.READ, Scope.BOOK},
        "specialist": {Scope.READ, Scope.BOOK},
        "senior": {Scope.READ, Scope.BOOK},
        "administrator": {Scope.READ, Scope.BOOK, Scope.ADMIN},
    }
    assert [needed_scope(right) for right in (Right.SEE_CALLS, Right.BOOK, Right.READ_AUDIT)] == list(Scope)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (TokenWish("x", frozenset({Scope.ADMIN})), "scopes"),
        (TokenWish("x", frozenset()), "scopes"),
        (TokenWish("x", days=0), "days"),
        (TokenWish("x", days=366), "days"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, cast: World, wish: TokenWish, reason: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        make_token(session, clock.now(), cast.vera.user, wish)
    assert refused.value.reason == reason


def test_nobody_has_endless_tokens(session: Session, cast: World) -> None:
    for _ in range(MOST_TOKENS):
        make_token(session, clock.now(), cast.vera.user, TokenWish("x"))
    with pytest.raises(TokenRefused, match="already"):
        make_token(session, clock.now(), cast.vera.user, TokenWish("x"))
    make_token(session, clock.now(), cast.pavel.user, TokenWish("x"))


def test_a_token_stands_for_its_owner_until_it_runs_out_and_only_its_hash_is_kept(
    session: Session, cast: World
) -> None:
    now = clock.now()
    token = make_token(session, now, cast.vera.user, TokenWish("x", frozenset({Scope.READ}), 1))
    use = find_use(session, now + timedelta(days=1, seconds=-1), token)
    assert use is not None and (use.user, use.scopes) == (cast.vera.user, {Scope.READ})
    assert find_use(session, now + timedelta(days=1), token) is None
    assert find_use(session, now, token + "x") is None
    assert session.scalars(select(ApiToken.token_hash)).one() == token_hash(token)


def test_a_token_dies_with_the_account_and_when_it_runs_out(app: Flask, world: World) -> None:
    over, token = made(app, world.vera, Scope.READ, days=1), made(app, world.vera, Scope.READ)
    change(
        app, update(ApiToken).where(ApiToken.token_hash == token_hash(over)).values(expires_at=clock.now())
    )
    assert ask(app, over) == ask(app, "unknown") == (401, "no_token")
    assert ask(app, token) == (200, "")
    change(app, update(User).where(User.id == world.vera.id).values(is_active=False))
    assert ask(app, token) == (401, "no_token")


def test_a_token_reaches_as_far_as_its_scope_and_a_refusal_is_written_down(app: Flask, world: World) -> None:
    reader, booker = made(app, world.vera, Scope.READ), made(app, world.vera, Scope.BOOK)
    assert ask(app, reader, "/bookings")[0] == 200
    assert ask(app, reader, "/bookings", "POST") == (403, "scope")
    assert ask(app, booker, "/bookings", "POST")[0] in {400, 422}
    assert ask(app, booker, "/bookings")[0] == 200
    without = made(app, world.ada, Scope.BOOK)
    assert ask(app, without, "/audit") == (403, "scope")
    assert ask(app, made(app, world.ada, Scope.ADMIN), "/audit")[0] == 200
    with app.app_context():
        refused = select(AuditEntry.actor, AuditEntry.object_id, AuditEntry.detail, AuditEntry.client_address)
        facts = db.session.execute(refused.where(AuditEntry.verb == "was refused")).all()
    assert [(who, what, why["scope"], where) for who, what, why, where in facts] == [
        (world.vera.email, "api.book", "book", "127.0.0.1"),
        (world.ada.email, "api_audit.audit", "admin", "127.0.0.1"),
    ]


def last_used(app: Flask) -> datetime | None:
    with app.app_context():
        return db.session.scalars(select(ApiToken.last_used_at)).one()


def test_last_use_is_written_down_every_five_minutes(app: Flask, world: World) -> None:
    token = made(app, world.vera, Scope.READ)
    assert last_used(app) is None
    for minutes, is_noted in ((4, False), (6, True)):
        before = clock.now() - timedelta(minutes=minutes)
        change(app, update(ApiToken).values(last_used_at=before))
        ask(app, token)
        assert (last_used(app) != before) is is_noted


def test_a_busy_database_fails_no_read(app: Flask, world: World) -> None:
    token = made(app, world.vera, Scope.READ)
    with app.app_context(), db.engine.connect() as other:
        other.execution_options(attache_write=True)
        other.execute(text("SELECT 1"))
        assert ask(app, token) == (200, "")
    assert last_used(app) is None


def test_a_person_makes_a_token_sees_it_once_and_ends_it(app: Flask, world: World) -> None:
    vera = PageClient(app, world.vera)
    assert "/profile/tokens" in vera.get("/profile").links()
    page = vera.get("/profile/tokens")
    assert page.tree.xpath("//input[@name='scopes']/@value") == ["read", "book"]
    page = vera.post("/profile/tokens", name="CRM", scopes=["read"], days="90")
    (token,) = page.tree.xpath("//input[@id='token']/@value")
    assert ask(app, token) == (200, "")
    page = vera.get("/profile/tokens")
    assert token not in page.text and "CRM" in page.words
    (form,) = page.forms("/profile/tokens/")
    mallory = PageClient(app, world.mallory)
    assert mallory.send(form.get("action")).status_code == 404
    assert ask(app, token) == (200, "")
    vera.follow(form.get("action"))
    assert ask(app, token) == (401, "no_token")
    with app.app_context():
        wanted = select(AuditEntry.verb, AuditEntry.detail).where(AuditEntry.verb.startswith("api_token"))
        facts = db.session.execute(wanted.order_by(AuditEntry.id)).all()
    assert [verb for verb, _ in facts] == ["api_token_made", "api_token_ended"]
    assert token not in str(facts)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "scopes": ["read"], "days": "90"}, "Enter a name"),
        ({"name": "CRM", "days": "90"}, "Choose at least one"),
        ({"name": "CRM", "scopes": ["admin"], "days": "90"}, "Choose at least one"),
        ({"name": "CRM", "scopes": ["read"], "days": "400"}, "Enter a number of days from 1 to 365"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    app: Flask, world: World, fields: dict[str, str], words: str
) -> None:
    page = PageClient(app, world.vera).post("/profile/tokens", 422, **fields)
    assert words in page.words and page.title.startswith("Error: ")
    with app.app_context():
        assert db.session.scalars(select(ApiToken.id)).all() == []


def test_the_administrator_sees_all_tokens_and_ends_them(app: Flask, world: World) -> None:
    token = made(app, world.vera, Scope.READ)
    for _ in range(60):
        with app.app_context():
            row = ApiToken(user_id=world.sam.id, token_hash=str(_), created_at=clock.now())
            db.session.add(row)
            db.session.commit()
    ada = PageClient(app, world.ada)
    page = ada.get("/tokens")
    assert world.vera.email not in page.words
    (older,) = [link for link in page.links() if link.startswith("/tokens?before=")]
    page = ada.get(older)
    assert world.vera.email in page.words
    ada.follow(page.forms("/tokens/")[-1].get("action"))
    assert ask(app, token) == (401, "no_token")
    assert PageClient(app, world.sam).client.get("/tokens").status_code == 404


def test_a_token_is_made_on_the_command_line(app: Flask, world: World) -> None:
    run = app.test_cli_runner().invoke
    made_now = run(args=["api-token", world.ada.email, "--scope", "admin", "--days", "7", "--name", "Log"])
    assert ask(app, made_now.output.strip(), "/audit")[0] == 200
    refused = run(args=["api-token", world.vera.email, "--scope", "admin"])
    assert refused.exit_code == 1 and "can have the scopes read, book" in refused.output
    assert ask(app, run(args=["api-token", world.vera.email]).output.strip(), "/bookings")[0] == 200
