"""``flask --app wsgi user …``: accounts by command, each change in the audit log with before and after."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import AuditEntry, User
from app.accounts.models_proofs import Password, RecoveryCode, Totp
from app.accounts.proofs import service_setting
from app.config import Settings
from app.customers.models import Assignment, Contact, Specialist
from app.lib import clock
from app.lib.db import db, write
from tests.accounts.browsing import change, is_signed_in, operator_link, post
from tests.support.queries import QueryRecorder
from tests.support.second_factor import authenticator_of
from tests.world import World, client_of

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, world: World) -> Run:
    return lambda *arguments: app.test_cli_runner().invoke(args=["user", *arguments])


def facts(app: Flask, email: str) -> list[tuple[str, dict[str, object]]]:
    """What the audit log says that was done to somebody by an operator."""
    with app.app_context():
        user_id = db.session.scalars(select(User.id).where(User.email == email)).one()
        rows = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.object_id == str(user_id), AuditEntry.actor == "operator")
            .order_by(AuditEntry.id)
        )
        return [(row.verb, row.detail) for row in rows if row.verb != "made a sign-in link"]


def test_a_specialist_is_added_and_signs_in_by_link_and_second_factor(
    run: Run, app: Flask, settings: Settings
) -> None:
    answer = run(
        "add", " Nora@Attache.example", "--name", "Nora  Kos ", "--role", "specialist", "--country", "sk"
    )
    assert answer.output == "nora@attache.example: specialist\n"
    with app.app_context():
        row = db.session.scalars(select(User).where(User.email == "nora@attache.example")).one()
        assert (row.name, row.time_zone, row.language) == ("Nora  Kos", "Europe/Bratislava", "en")
        assert db.session.get_one(Specialist, row.id).country == "SK"
    assert facts(app, "nora@attache.example") == [("added", {"role": "specialist", "company": ""})]
    client = app.test_client()
    post(client, operator_link(app, settings, "nora@attache.example"))
    assert client.get("/sign-in/second").location == "/sign-in/enrol"


def test_a_contact_is_added_to_a_company(run: Run, app: Flask) -> None:
    arguments = ["add", "ida@nordwind.example", "--name", "Ida Berg", "--role", "contact"]
    assert run(*arguments, "--company", "Nowhere").output == "Error: there is no company 'Nowhere'\n"
    assert run(*arguments, "--company", "Nordwind", "--language", "ru").exit_code == 0
    with app.app_context():
        row = db.session.scalars(select(User).where(User.email == "ida@nordwind.example")).one()
        assert db.session.get_one(Contact, row.id).company.name == "Nordwind"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sam@attache.example", "--name", "Sam", "--role", "administrator"], "already"),
        (["no address", "--name", "Sam", "--role", "administrator"], "is not an e-mail address"),
        (
            ["x@y.example", "--name", "a\u202eb", "--role", "administrator"],
            "the name: text refused: characters",
        ),
        (["x@y.example", "--name", " ", "--role", "administrator"], "the name: text refused: empty"),
        (["x@y.example", "--name", "X", "--role", "contact"], "a contact has a company"),
        (["x@y.example", "--name", "X", "--role", "senior"], "have a country"),
        (["x@y.example", "--name", "X", "--role", "administrator", "--time-zone", "Mars"], "IANA"),
        (["x@y.example", "--name", "X", "--role", "administrator", "--language", "xx"], "the language"),
    ],
)
def test_what_cannot_be_meant_is_one_line(run: Run, app: Flask, arguments: list[str], says: str) -> None:
    answer = run("add", *arguments)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert answer.output.count("\n") == 1
    assert says in answer.output
    with app.app_context():
        assert db.session.scalars(select(User).where(User.email == "x@y.example")).all() == []


def test_a_disabled_account_is_out_at_once_and_can_be_opened_again(
    run: Run, app: Flask, settings: Settings, world: World
) -> None:
    authenticator_of(app, world.sam.user)
    signed_in, waiting = client_of(app, world.sam), app.test_client()
    post(waiting, operator_link(app, settings, world.sam.email))
    link = operator_link(app, settings, world.sam.email)
    assert run("disable", "Sam@attache.example").output == "sam@attache.example: disabled\n"
    for _ in range(2):
        assert not is_signed_in(signed_in, "/schedule")
        assert waiting.get("/sign-in/second").status_code == 410
        assert app.test_client().get(link).status_code == 410
        # Nothing of before comes back with the account.
        assert run("enable", world.sam.email).output == "sam@attache.example: enabled\n"
    assert facts(app, world.sam.email) == [
        ("disabled", {"is_active": [True, False]}),
        ("enabled", {"is_active": [False, True]}),
    ]
    assert app.test_client().get(operator_link(app, settings, world.sam.email)).status_code == 200


def test_reset_mfa_lets_somebody_set_up_a_new_one(
    run: Run, app: Flask, settings: Settings, world: World
) -> None:
    authenticator_of(app, world.sam.user)
    with app.app_context():
        now = clock.now()
        write(db.session(), [], lambda s: service_setting.renew_recovery_codes(s, now, world.sam.user))
        hashed = service_setting.password_to_keep(world.sam.user, "eleven brown mugs")
        write(db.session(), [], lambda s: service_setting.change_password(s, now, world.sam.user, hashed, ""))
    signed_in = client_of(app, world.sam)
    answer = run("reset-mfa", world.sam.email)
    told = "totp: 1, passkey: 0, recovery code: 10, password: 1"
    assert answer.output == f"sam@attache.example: forgotten ({told})\n"
    assert not is_signed_in(signed_in, "/schedule")
    with app.app_context():
        assert db.session.scalars(select(Totp.user_id)).all() == []
        assert db.session.scalars(select(RecoveryCode.id)).all() == []
        assert db.session.scalars(select(Password.user_id)).all() == []
    detail = {"totp": [1, 0], "passkey": [0, 0], "recovery_code": [10, 0], "password": [1, 0]}
    assert facts(app, world.sam.email) == [("reset the second factor", detail)]
    client = app.test_client()
    post(client, operator_link(app, settings, world.sam.email))
    assert client.get("/sign-in/second").location == "/sign-in/enrol"


def test_a_specialist_who_serves_companies_stays_one(run: Run, app: Flask, world: World) -> None:
    answer = run("role", world.sam.email, "contact", "--company", "Krause")
    assert answer.output == (
        "Error: sam@attache.example serves Nordwind, Sever: give them to somebody else first\n"
    )
    soon = clock.now().date() + timedelta(days=7)
    with app.app_context():
        companies = db.session.scalars(
            select(Assignment.company_id).where(Assignment.specialist_id == world.sam.id)
        ).all()
        for company_id in companies:
            handed = Assignment(company_id=company_id, specialist_id=world.rita.id, starts_on=soon)
            db.session.add(handed)
        db.session.commit()
    # Until that day they count on him.
    assert run("role", world.sam.email, "administrator").exit_code == 1
    change(app, update(Assignment).where(Assignment.starts_on == soon).values(starts_on=clock.now().date()))
    assert run("role", world.sam.email, "administrator").exit_code == 0
    with app.app_context():
        # Who served whom in the past stays known, but he is offered nowhere any more.
        assert db.session.get(Specialist, world.sam.id) is not None
        from app.customers.service import specialists

        assert [each.name for each in specialists(db.session())] == ["Lev Orlov", "Rita Weiss"]


def test_another_role_signs_out_and_takes_what_belonged_to_the_old_one(
    run: Run, app: Flask, world: World
) -> None:
    authenticator_of(app, world.lev.user)
    with app.app_context():
        now, kept = clock.now(), service_setting.password_to_keep(world.lev.user, "three pale lanterns")
        work = service_setting.change_password
        write(db.session(), [], lambda s: work(s, now, world.lev.user, kept, ""))
    signed_in = client_of(app, world.lev)
    assert run("role", world.lev.email, "contact", "--company", "Lynx").exit_code == 0
    assert not is_signed_in(signed_in, "/schedule")
    with app.app_context():
        # Calls in which he stood in are read with it.
        assert db.session.get(Specialist, world.lev.id) is not None
        assert db.session.get_one(Contact, world.lev.id).company.name == "Lynx"
        assert db.session.scalars(select(Password.user_id)).all() == []
        assert db.session.scalars(select(Totp.user_id)).all() == []
    assert facts(app, world.lev.email) == [("changed the role", {"role": ["senior", "contact"]})]


def test_who_leaves_stands_in_for_nobody_any_more(run: Run, app: Flask, world: World) -> None:
    usual = update(Specialist).where(Specialist.user_id == world.sam.id)
    change(app, usual.values(stand_in_id=world.lev.id))
    assert run("role", world.lev.email, "specialist").exit_code == 0
    with app.app_context():
        assert db.session.get_one(Specialist, world.sam.id).stand_in_id == world.lev.id
    assert run("role", world.lev.email, "administrator").exit_code == 0
    with app.app_context():
        assert db.session.get_one(Specialist, world.sam.id).stand_in_id is None
    told = ("user_changed", {"changes": {"stand_in_id": [world.lev.id, None]}})
    assert facts(app, world.sam.email) == [told]


def test_leaving_reads_the_companies_of_one_specialist_alone(
    run: Run, app: Flask, world: World, count_queries: Callable[[], AbstractContextManager[QueryRecorder]]
) -> None:
    with count_queries() as queries:
        assert run("role", world.lev.email, "administrator").exit_code == 0
    (asked,) = [text for text in queries.statements if "FROM company" in text]
    assert "assignment.specialist_id =" in asked


def test_a_specialist_becomes_a_senior_and_keeps_the_rest(run: Run, app: Flask, world: World) -> None:
    assert run("role", world.sam.email, "senior").exit_code == 0
    with app.app_context():
        assert db.session.get_one(Specialist, world.sam.id).room_url == "https://meet.attache.example/sam"
    assert run("role", world.sam.email, "senior").output == "Error: sam@attache.example is senior already\n"


@pytest.mark.parametrize("command", [["disable"], ["enable"], ["reset-mfa"], ["role"]])
def test_an_unknown_address_is_told_in_one_line(run: Run, command: list[str]) -> None:
    more = ["administrator"] if command == ["role"] else []
    answer = run(*command, "nobody@nowhere.example", *more)
    assert answer.exit_code == 1
    assert answer.output == "Error: nobody has the address 'nobody@nowhere.example'\n"


def test_the_last_administrator_stays_one(run: Run, app: Flask, world: World) -> None:
    for command in (["role", world.ada.email, "senior", "--country", "SK"], ["disable", world.ada.email]):
        answer = run(*command)
        assert answer.exit_code == 1
        assert "ada@attache.example is the last administrator" in answer.output
    assert facts(app, world.ada.email) == []
    run("add", "eva@attache.example", "--name", "Eva", "--role", "administrator")
    assert run("disable", world.ada.email).exit_code == 0
    assert run("enable", world.ada.email).exit_code == 0
