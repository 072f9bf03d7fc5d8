"""Taking files of companies and contacts in: looked at first, then all of it or nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.models import AuditEntry, User
from app.accounts.retention.jobs import retention_pass
from app.config import Settings
from app.customers.companies import service as companies
from app.customers.files import service
from app.customers.files.errors import FileFaulty, FileOvertaken
from app.customers.files.plan import Plan
from app.customers.models import Company, Contact, Entitlement
from app.customers.models_files import ImportFile
from app.mail.models import OutgoingMail
from tests.world import World, build_world

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


class Office:
    """An administrator with files."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session, self.settings = session, settings
        self.world: World = build_world(session, NOW)

    def send(self, kind: str, text: str | bytes) -> str:
        data = text.encode() if isinstance(text, str) else text
        return service.keep_file(self.session, NOW, self.world.ada.user, kind, data)

    def look(self, file_id: str) -> Plan:
        return service.look(self.session, TODAY, self.settings, self.world.ada.user, file_id)[1]

    def take(self, file_id: str, digest: str) -> Plan:
        ada = self.world.ada.user
        return service.take(self.session, NOW, TODAY, self.settings, ada, file_id, digest)

    def do(self, kind: str, text: str | bytes) -> Plan:
        file_id = self.send(kind, text)
        plan = self.look(file_id)
        assert plan.faults == []
        self.take(file_id, plan.digest())
        return plan

    def faults(self, kind: str, text: str) -> list[tuple[int, str, str]]:
        plan = self.look(self.send(kind, text))
        return sorted((fault.line, fault.column, fault.reason) for fault in plan.faults)


@pytest.fixture
def office(session: Session, settings: Settings) -> Office:
    return Office(session, settings)


@pytest.mark.parametrize("kind", ["companies", "contacts"])
def test_what_is_exported_is_imported_again_unchanged(session: Session, office: Office, kind: str) -> None:
    session.get_one(User, office.world.otto.id).name = '=HYPERLINK("x"); "Otto"'
    session.get_one(Company, office.world.otto.profile.company_id).note = "+1\n-2; 'x'"
    data = service.export(session, NOW, TODAY, office.world.ada.user, kind)
    assert not any(cell.startswith("=") for cell in data.decode().split(";"))
    plan = office.look(office.send(kind, data))
    assert (plan.faults, plan.changes, plan.unchanged) == ([], [], 4)


def test_looking_changes_nothing_and_taking_does_what_was_shown(session: Session, office: Office) -> None:
    text = (
        "name,plan,note,option_from,option_until,option_price\n"
        "Nordwind,all_inclusive,Big,,,\n"
        "Öl & Söhne,all_inclusive,,2026-12-01,2027-11-30,900.50\n"
        "Krause,standard,,,,\n"
    )
    file_id = office.send("companies", text)
    plan = office.look(file_id)
    assert [(it.line, it.name, it.is_new) for it in plan.changes] == [
        (2, "Nordwind", False),
        (3, "Öl & Söhne", True),
    ]
    assert plan.unchanged == 1
    assert session.scalar(select(func.count()).select_from(Company)) == 4
    office.take(file_id, plan.digest())
    made = session.scalars(select(Company).where(Company.name == "Öl & Söhne")).one()
    (span,) = companies.company(session, made.public_id).spans
    assert (span.ends_on.isoformat(), span.price_cents) == ("2027-11-30", 90_050)  # type: ignore[union-attr]
    assert office.look(office.send("companies", text)).unchanged == 3
    changes = {
        (row.verb, row.detail["line"]): row.detail["changes"]
        for row in session.scalars(select(AuditEntry).where(AuditEntry.object_type == "company"))
    }
    assert changes["company_changed", 2] == {"note": ["", "Big"]}
    assert changes["company_added", 3]["option_until"] == [None, "2027-11-30"]
    assert changes["company_added", 3]["option_price"] == [None, "900.50"]
    with pytest.raises(NotFound):
        office.take(file_id, plan.digest())


def test_a_day_that_is_known_changes_that_span(session: Session, office: Office) -> None:
    first = (TODAY - timedelta(days=90)).isoformat()
    office.do("companies", f"name,option_from,option_until\nNordwind,{first},2027-01-31\n")
    company = companies.company(session, office.world.vera.profile.company_public_id)
    assert [(span.starts_on.isoformat(), str(span.ends_on)) for span in company.spans] == [
        (first, "2027-01-31")
    ]
    assert company.spans[0].price_cents == 100_000


def test_columns_of_a_span_that_are_left_out_stay_as_they_are(session: Session, office: Office) -> None:
    first = (TODAY - timedelta(days=90)).isoformat()
    span = session.scalars(
        select(Entitlement).where(Entitlement.company_id == office.world.vera.profile.company_id)
    ).one()
    span.ends_on, span.price_cents, span.note = TODAY + timedelta(days=30), 90_050, "Paid"
    session.flush()
    text = f"name,option_from\nNordwind,{first}\n"
    assert office.look(office.send("companies", text)).unchanged == 1
    office.do("companies", f"name,option_from,option_price\nNordwind,{first},800\n")
    assert (span.ends_on, span.price_cents, span.note) == (TODAY + timedelta(days=30), 80_000, "Paid")
    # A column that is there and empty says that there is no end.
    office.do("companies", f"name,option_from,option_until\nNordwind,{first},\n")
    assert (span.ends_on, span.price_cents) == (None, 80_000)


def test_one_company_or_contact_is_in_one_line_whatever_it_is_called_by(office: Office) -> None:
    nordwind = office.world.vera.profile.company_public_id
    vera = office.world.vera.user.public_id
    text = (
        "id,name,plan,option_from,option_until\n"
        f"{nordwind},North,all_inclusive,2026-08-01,2026-08-02\n"
        f"{nordwind},South,all_inclusive,2026-08-02,2026-08-03\n"
        ",Nordwind,all_inclusive,,\n"
    )
    assert office.faults("companies", text) == [(3, "id", "twice"), (4, "id", "twice")]
    text = (
        "id,company,email,name\n"
        f"{vera},Nordwind,one@nordwind.example,Vera\n"
        f"{vera},Nordwind,two@nordwind.example,Vera\n"
        f",Nordwind,{office.world.vera.email},Vera\n"
    )
    assert office.faults("contacts", text) == [(3, "id", "twice"), (4, "id", "twice")]


def test_every_bad_line_of_companies_is_named(office: Office) -> None:
    first = (TODAY - timedelta(days=90)).isoformat()
    text = (
        "id,name,plan,option_from,option_until,option_price\n"
        ",,standard,,,\n"
        ",A,gold,,,\n"
        ",B,standard,2026-12-01,,\n"
        ",C,all_inclusive,soon,2026-01-01,much\n"
        ",D,all_inclusive,2026-12-02,2026-12-01,\n"
        ",B,standard,,,\n"
        "nobody,E,standard,,,\n"
        ",Nordwind,standard,,,\n"
        ",Lynx,all_inclusive,2027-01-01,,\n"
        f",Sever,all_inclusive,{first},2026-11-01,\n"
        ",F,standard,,2027-01-01,\n"
        f",{'G' * 201},standard,,,\n"
        ",\u202eH,standard,,,\n"
    )
    assert office.faults("companies", text) == [
        (2, "name", "empty"),
        (3, "plan", "choice"),
        (4, "option_from", "plan"),
        (5, "option_from", "day"),
        (5, "option_price", "price"),
        (6, "option_until", "order"),
        (7, "name", "twice"),
        (8, "id", "no_such_id"),
        (9, "plan", "runs"),
        (10, "option_from", "overlap"),
        (11, "option_from", "begun"),
        (12, "option_from", "empty"),
        (13, "name", "long"),
        (14, "name", "characters"),
    ]


def test_every_bad_line_of_contacts_is_named(office: Office) -> None:
    text = (
        "company,email,name,phone,time_zone,language,active\n"
        "Nordwind,nobody,A,,,,\n"
        "Nowhere,b@nordwind.example,B,,,,\n"
        "Nordwind,c@nordwind.example,,123,Mars/Base,xx,maybe\n"
        "Lynx,vera@nordwind.example,Vera,,,,\n"
        "Nordwind,sam@attache.example,Sam,,,,\n"
        "Nordwind,d@nordwind.example,D,,,,\n"
        "Nordwind,D@nordwind.example,D,,,,\n"
        ",e@nordwind.example,E,,,,\n"
    )
    assert office.faults("contacts", text) == [
        (2, "email", "address"),
        (3, "company", "no_company"),
        (4, "active", "choice"),
        (4, "language", "choice"),
        (4, "name", "empty"),
        (4, "phone", "phone"),
        (4, "time_zone", "zone"),
        (5, "company", "moved"),
        (6, "email", "taken"),
        (8, "email", "twice"),
        (9, "company", "empty"),
    ]


def test_one_bad_line_stops_all_of_them(session: Session, office: Office) -> None:
    file_id = office.send("contacts", "company,email,name\nKrause,x@k.example,X\nKrause,bad,Y\n")
    plan = office.look(file_id)
    with pytest.raises(FileFaulty):
        office.take(file_id, plan.digest())
    assert session.scalars(select(User).where(User.email == "x@k.example")).all() == []


def test_what_would_do_something_else_by_now_is_not_done(session: Session, office: Office) -> None:
    file_id = office.send("companies", "name,note\nKrause,New\n")
    plan = office.look(file_id)
    session.get_one(Company, office.world.otto.profile.company_id).note = "Meanwhile"
    session.flush()
    with pytest.raises(FileOvertaken):
        office.take(file_id, plan.digest())
    assert office.look(file_id).changes[0].changes == {"note": ["Meanwhile", "New"]}


def test_contacts_are_added_changed_told_and_shut_out(session: Session, office: Office) -> None:
    vera, otto = office.world.vera, office.world.otto
    accounts.begin_session(session, NOW, otto.user)
    text = (
        "id,company,email,name,phone,active\n"
        f"{vera.user.public_id},Nordwind,vera@new.example,Vera,,\n"
        f",Krause,{otto.email},Otto Krause,+49 89 5550 1011,no\n"
        ",Lynx,New@Lynx.example,New One,+44 20 7946 0102,yes\n"
    )
    office.do("contacts", text)
    assert session.get_one(User, vera.id).email == "vera@new.example"
    assert session.get_one(Contact, vera.id).phone == ""
    assert not session.get_one(User, otto.id).is_active
    made = session.scalars(select(User).where(User.email == "new@lynx.example")).one()
    assert (made.time_zone, made.language) == (office.settings.service_time_zone, "en")
    assert session.get_one(Contact, made.id).wants_reminders
    assert [mail.recipient for mail in session.scalars(select(OutgoingMail))] == [vera.email]


def test_a_file_is_its_senders_alone_and_goes_after_a_day(session: Session, office: Office) -> None:
    file_id = office.send("companies", "name\nX\n")
    with pytest.raises(NotFound):
        service.look(session, TODAY, office.settings, office.world.lev.user, file_id)
    retention_pass(session, office.settings, NOW + timedelta(days=1), others=[service.retention_rules])
    assert session.scalars(select(ImportFile)).all() == []


@pytest.mark.postgres
def test_five_thousand_lines_are_taken_in_with_few_statements(
    session: Session, office: Office, count_queries
) -> None:
    lines = "".join(f"Company {n:04},all_inclusive,2026-12-01\n" for n in range(5_000))
    file_id = office.send("companies", "name,plan,option_from\n" + lines)
    plan = office.look(file_id)
    with count_queries() as queries:
        office.take(file_id, plan.digest())
    assert len(queries) < 60
    assert session.scalar(select(func.count()).select_from(Entitlement)) == 5_003
