"""Accounts are closed by command, and administrators hear which companies nobody serves any more."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from app.customers.models import Specialist
from app.lib import clock
from app.lib.db import db
from app.mail.models import OutgoingMail
from tests.accounts.browsing import change
from tests.booking.standins.away import goes_on_leave, stands_in
from tests.world import World

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, world: World) -> Run:
    return lambda *arguments: app.test_cli_runner().invoke(args=["user", *arguments])


def text_of(content: bytes) -> str:
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_administrators_hear_at_once_that_a_closed_account_leaves_companies_to_nobody(
    run: Run, app: Flask, world: World
) -> None:
    change(
        app, update(Specialist).where(Specialist.user_id == world.sam.id).values(stand_in_id=world.rita.id)
    )

    def mails() -> list[str]:
        """To whom, and the texts, in one line each."""
        with app.app_context():
            wanted = select(OutgoingMail).where(OutgoingMail.thread.like("closed:%"))
            return [f"{row.recipient}: {text_of(row.content)}" for row in db.session.scalars(wanted)]

    assert run("disable", world.sam.email).exit_code == 0
    assert mails() == []
    # She served her own and stood in for him.
    assert run("disable", world.rita.email).exit_code == 0
    assert run("disable", world.rita.email).exit_code == 0
    says = "is closed. From now on nobody serves the companies below:"
    for name, companies in (("Sam Horvath", "- Nordwind - Sever"), ("Rita Weiss", "- Lynx")):
        (mail,) = [
            text for text in mails() if f"The account of {name} {says} {companies} Their pages" in text
        ]
        assert mail.startswith(f"{world.ada.email}: ")
        assert "See the companies: http" in mail and "/companies?show=unserved --" in mail
    assert len(mails()) == 2


def test_administrators_hear_at_once_when_a_stand_in_of_a_closed_account_leaves_the_role(
    run: Run, app: Flask, world: World
) -> None:
    usual = update(Specialist).where(Specialist.user_id == world.sam.id)
    change(app, usual.values(stand_in_id=world.lev.id))

    def told() -> dict[str, str]:
        with app.app_context():
            wanted = select(OutgoingMail).where(OutgoingMail.thread.like("closed:%"))
            return {row.recipient: text_of(row.content) for row in db.session.scalars(wanted)}

    assert run("disable", world.sam.email).exit_code == 0
    assert run("role", world.lev.email, "specialist").exit_code == 0
    assert told() == {}
    assert run("role", world.lev.email, "administrator").exit_code == 0
    mails = told()
    # All administrators that there are now.
    assert set(mails) == {world.ada.email, world.lev.email}
    assert "The account of Sam Horvath is closed" in mails[world.ada.email]
    assert "- Nordwind - Sever" in mails[world.ada.email]


def test_administrators_hear_of_a_closed_account_although_its_stand_in_was_away_when_they_left(
    run: Run, app: Flask, world: World
) -> None:
    today = clock.now().date()
    with app.app_context():
        stands_in(db.session(), world.lev, world.sam)
        goes_on_leave(db.session(), world.lev, today - timedelta(days=1), today + timedelta(days=1))
    wanted = select(OutgoingMail.content).where(
        OutgoingMail.thread == f"closed:{world.sam.id}:{world.ada.id}"
    )
    # Who is away comes back; the days until then are the periodic pass's to tell.
    assert run("disable", world.sam.email).exit_code == 0
    with app.app_context():
        assert db.session.scalars(wanted).all() == []
    assert run("disable", world.lev.email).exit_code == 0
    with app.app_context():
        (mail,) = db.session.scalars(wanted)
    says = "The account of Sam Horvath is closed. From now on nobody serves the companies below:"
    assert f"{says} - Nordwind - Sever" in text_of(mail)
