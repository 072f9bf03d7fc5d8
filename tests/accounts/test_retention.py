"""What is kept no longer than was promised."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.jobs import tidy
from app.accounts.models import ApiToken, AuditEntry, SignInLink, UserSession
from app.accounts.models_proofs import KnownDevice, SignInStep
from app.accounts.retention import jobs
from app.accounts.retention.jobs import retention_pass
from app.availability.models import HoursEdit
from app.booking import models_kept
from app.cli import RETENTION
from app.config import Settings, load_settings
from app.lib import clock
from app.lib.db import Base
from app.mail.models import IncomingMail, OutgoingMail
from tests.architecture.source import ROOT
from tests.world import World, build_world

SECOND = timedelta(seconds=1)
KEPT = models_kept.KeptCall.__tablename__


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return build_world(session, now)


def mail(number: int, at: datetime, state: str) -> OutgoingMail:
    return OutgoingMail(
        subject_key=f"k{number}",
        thread="t",
        message_id=f"m{number}",
        recipient="vera@nordwind.example",
        content=b"text",
        state=state,
        created_at=at,
        next_attempt_at=at,
        sent_at=at if state == "sent" else None,
    )


def keep(session: Session, *rows: Any) -> None:
    session.add_all(rows)
    session.commit()


@pytest.mark.postgres
def test_old_mails_lose_their_text_and_stay(session: Session, settings: Settings, now: datetime) -> None:
    old = now - timedelta(days=settings.mail_retention_days)
    keep(
        session,
        mail(1, old, "sent"),
        mail(2, old, "given_up"),
        mail(3, old, "waiting"),
        mail(4, old + SECOND, "sent"),
        IncomingMail(identity="old", outcome="applied", received_at=old),
        IncomingMail(identity="young", outcome="applied", received_at=old + SECOND),
    )
    retention_pass(session, settings, now)
    found = session.execute(select(OutgoingMail.content, OutgoingMail.recipient).order_by(OutgoingMail.id))
    assert [bytes(text) for text, to in found if to] == [b"", b"", b"text", b"text"]
    assert session.scalars(select(IncomingMail.identity)).all() == ["young"]
    # What was posted is judged as mail after each test; these are none.
    session.execute(delete(OutgoingMail))
    session.commit()


@pytest.mark.postgres
def test_old_facts_go_in_small_batches_and_a_second_pass_changes_nothing(
    session: Session, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for age in (0, 729, 730, 731, 800, 900, 1000):
        at = now - timedelta(days=age)
        service.record(session, at, None, "booked", "booking", str(age))
    session.commit()
    left = []
    for _ in range(2):
        retention_pass(session, settings, now)
        left.append(session.scalars(select(AuditEntry.object_id).order_by(AuditEntry.id)).all())
    assert left == [["0", "729"]] * 2


def test_a_session_is_marked_when_it_ends_and_deleted_later(
    session: Session, settings: Settings, world: World, now: datetime
) -> None:
    token, _ = service.begin_session(session, now, world.vera.user)
    service.begin_session(session, now, world.sam.user)
    service.begin_session(session, now + timedelta(hours=2), world.rita.user)
    service.end_session(session, now, token)
    service.end_session(session, now + SECOND, token)
    session.commit()
    later = now + timedelta(hours=2)
    tidy(session, settings, later)
    ended = session.scalars(select(UserSession.ended_at).order_by(UserSession.id)).all()
    assert ended == [now, later, None]
    retention_pass(session, settings, now + timedelta(days=settings.ended_session_days))
    assert session.scalars(select(UserSession.ended_at).order_by(UserSession.id)).all() == [later, None]


def test_all_sessions_of_a_person_can_be_ended(session: Session, world: World, now: datetime) -> None:
    for member in (world.vera, world.vera, world.sam):
        service.begin_session(session, now, member.user)
    service.end_sessions_of(session, now, world.vera.id)
    living = select(UserSession.user_id).where(UserSession.ended_at.is_(None))
    assert session.scalars(living).all() == [world.sam.id]


def test_links_steps_and_tokens_that_ran_out_go(
    session: Session, settings: Settings, world: World, now: datetime
) -> None:
    vera, day = world.vera.id, timedelta(days=1)
    for number, age in enumerate((day, day - SECOND)):
        at = now - age
        keep(
            session,
            SignInLink(email="x", created_at=at, expires_at=at),
            SignInStep(token_hash=f"s{number}", user_id=vera, method="x", created_at=at, expires_at=at),
            ApiToken(
                token_hash=f"t{number}",
                user_id=vera,
                created_at=at,
                expires_at=now - timedelta(days=settings.ended_session_days) + number * SECOND,
            ),
        )
    retention_pass(session, settings, now)
    for model in (SignInLink, SignInStep, ApiToken):
        assert len(session.scalars(select(model.id)).all()) == 1


def test_devices_not_seen_for_a_year_and_changes_of_hours_that_are_over_go(
    session: Session, settings: Settings, world: World, now: datetime
) -> None:
    sam, year, quarter = world.sam.id, now - timedelta(days=365), now - timedelta(days=90)
    for number, late in enumerate((timedelta(0), SECOND)):
        seen = {"first_seen_at": year, "last_seen_at": year + late}
        keep(session, KnownDevice(user_id=sam, token_hash=f"d{number}", **seen))
        keep(session, _edit(f"e{number}", sam, quarter, quarter + late))
    keep(session, _edit("waiting", sam, year, None))
    retention_pass(session, settings, now, others=RETENTION)
    assert session.scalars(select(KnownDevice.token_hash)).all() == ["d1"]
    assert session.scalars(select(HoursEdit.public_id)).all() == ["e1", "waiting"]


def _edit(public_id: str, person_id: int, at: datetime, finished_at: datetime | None) -> HoursEdit:
    times = {"created_at": at, "finished_at": finished_at}
    return HoursEdit(public_id=public_id, person_id=person_id, wanted={}, base={}, **times)


def test_the_document_tells_the_figures_that_are_the_defaults(tmp_path: Any) -> None:
    kept = load_settings({"DATA_DIR": str(tmp_path)})
    text = (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8")
    told = {(name, int(days)) for days, name in re.findall(r"(\d+) days \(`([A-Z_]+)`\)", text)}
    assert told == {
        ("MAIL_RETENTION_DAYS", kept.mail_retention_days),
        ("AUDIT_RETENTION_DAYS", kept.audit_retention_days),
        ("ENDED_SESSION_DAYS", kept.ended_session_days),
    }


def test_every_table_stands_in_the_document() -> None:
    text = (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)`", text))
    assert KEPT in Base.metadata.tables
    assert set(Base.metadata.tables) - told == set()
