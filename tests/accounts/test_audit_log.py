"""The audit log: from where, what changed, who looked, and that nothing is taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.accounts.service import record
from app.booking.exporting.service_erasing import erase_contact
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.accounts.browsing import ask, operator_link, post
from tests.world import World, build_world, client_of

YOUNG, OLD = timedelta(days=29), timedelta(days=31)


def entry(session: Session, at: datetime, actor_id: int | None = None) -> AuditEntry:
    row = AuditEntry(
        at=at,
        actor_id=actor_id,
        actor="vera@nordwind.example",
        verb="cancelled",
        object_type="booking",
        object_id="b1",
        client_address="203.0.113.7",
        detail={"start": "10:00", "changes": {"length": [30, 45]}},
    )
    session.add(row)
    session.commit()
    return row


@pytest.mark.postgres
@pytest.mark.parametrize(
    "change",
    [
        {"verb": "booked"},
        {"at": datetime(2026, 1, 5, tzinfo=UTC)},
        {"object_type": "feed"},
        {"object_id": "b2"},
        {"actor": "sam@attache.example"},
        {"client_address": "192.0.2.1"},
        {"detail": {"start": "11:00"}},
        {"detail": {"start": "10:00", "more": 1}},
        {"detail": {"start": "10:00", "changes": {"length": [30, 60]}}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_to_change_a_fact(session: Session, change: dict[str, object]) -> None:
    row = entry(session, clock.now())
    with pytest.raises(DatabaseError, match="audit_entry_append_only"):
        session.execute(update(AuditEntry).where(AuditEntry.id == row.id).values(**change))


@pytest.mark.postgres
def test_another_actor_is_refused_and_a_deleted_one_is_not(session: Session) -> None:
    world = build_world(session, clock.now())
    session.add(
        User(
            id=999,
            public_id="gone",
            email="gone@attache.example",
            name="Gone",
            role="administrator",
            time_zone="UTC",
            created_at=clock.now(),
        )
    )
    session.flush()
    row = entry(session, clock.now(), 999)
    with pytest.raises(DatabaseError, match="audit_entry_append_only"):
        session.execute(update(AuditEntry).values(actor_id=world.sam.id))
    session.rollback()
    session.execute(delete(User).where(User.id == 999))
    session.commit()
    assert session.scalars(select(AuditEntry.actor_id).where(AuditEntry.id == row.id)).one() is None


@pytest.mark.postgres
def test_a_young_fact_stays_and_an_old_one_may_go(session: Session) -> None:
    young, old = entry(session, clock.now() - YOUNG), entry(session, clock.now() - OLD)
    session.execute(delete(AuditEntry).where(AuditEntry.id == old.id))
    session.commit()
    with pytest.raises(DatabaseError, match="audit_entry_append_only"):
        session.execute(delete(AuditEntry).where(AuditEntry.id == young.id))
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        with pytest.raises(DatabaseError, match="audit_entry_append_only"):
            session.execute(text("TRUNCATE audit_entry"))


@pytest.mark.postgres
def test_erasing_takes_out_who_and_what_and_nothing_else(session: Session, settings: Settings) -> None:
    now = clock.now()
    world = build_world(session, now)
    facts = {"changes": {"phone": ["+49", "+7"]}, "start": "10:00"}
    record(session, now, world.vera.user, "changed", "user", world.vera.id, "203.0.113.7", **facts)
    session.commit()
    erase_contact(session, now, settings, world.ada.user, world.vera.user.public_id)
    session.commit()
    kept = session.scalars(select(AuditEntry).where(AuditEntry.verb == "changed")).one()
    assert (kept.actor, kept.client_address, kept.detail) == ("Erased contact", "", {"start": "10:00"})
    assert (kept.at, kept.object_type, kept.object_id) == (now, "user", str(world.vera.id))


def test_facts_tell_from_where(app: Flask, settings: Settings, world: World) -> None:
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    ask(elsewhere, "nobody@nowhere.example")
    post(elsewhere, operator_link(app, settings, world.vera.email))
    elsewhere.get("/overview")
    post(elsewhere, "/sign-out", "/profile")
    with app.app_context():
        facts = db.session.execute(select(AuditEntry.verb, AuditEntry.client_address)).all()
    assert facts == [
        ("asked for a sign-in link", "203.0.113.7"),
        ("made a sign-in link", ""),
        ("signed in", "203.0.113.7"),
        ("was refused", "203.0.113.7"),
        ("signed out", "203.0.113.7"),
    ]


def test_a_look_at_customers_data_is_written_down_once_an_hour(app: Flask, world: World) -> None:
    ada = client_of(app, world.ada)
    for _ in range(3):
        assert ada.get("/contacts").status_code == 200
    with app.app_context():
        wanted = select(AuditEntry.verb).where(AuditEntry.object_type == "contacts")
        assert db.session.scalars(wanted).all() == ["viewed the contacts"]
