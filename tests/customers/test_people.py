"""Accounts of contacts and of our own people: made, changed, shut out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts import service as accounts
from app.accounts.links import NO_CLIENT, LinkRequest
from app.accounts.models import AuditEntry, SignInLink, User
from app.accounts.people.errors import AddressTaken, LastAdministrator, OwnAccount
from app.accounts.people.service import change_user
from app.accounts.proofs import service as proofs
from app.accounts.proofs.queries import living_step
from app.accounts.proofs.values import PASSWORD
from app.config import Settings
from app.customers.contacts import service as contacts
from app.customers.models import Contact, Specialist, TimeOff
from app.customers.people import service as people
from app.customers.people.errors import NoStandIn, StillServes
from app.mail.models import OutgoingMail
from tests.world import Member, World, build_world

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
PERSON = {
    "name": "Nora Berg",
    "email": "nora@attache.example",
    "role": "specialist",
    "language": "en",
    "time_zone": "Europe/Vienna",
    "title_en": "Specialist",
    "title_ru": "",
    "country": "AT",
    "region": "9",
    "phone": "",
    "spoken_languages": "en,de",
    "room_url": "",
    "stand_in": "",
}


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, NOW)


def contact_values(member: Member, **changes: str) -> dict[str, str]:
    profile = member.profile
    names = ("name", "email", "phone", "time_zone", "language")
    return {**{name: getattr(profile, name) for name in names}, **changes}


def change(session: Session, settings: Settings, world: World, **changes: str) -> None:
    contacts.change_contact(
        session,
        NOW,
        settings,
        world.ada.user,
        world.vera.user.public_id,
        contact_values(world.vera, **changes),
    )


def test_a_contact_is_added_to_a_company_and_can_sign_in(session: Session, world: World) -> None:
    values = contact_values(world.vera, name="Vito", email="vito@nordwind.example")
    contacts.add_contact(session, NOW, world.ada.user, world.vera.profile.company_public_id, values)
    user = queries.by_email(session, "vito@nordwind.example")
    assert user is not None and user.role == "contact"
    assert session.get_one(Contact, user.id).company_id == world.vera.profile.company_id


@pytest.mark.parametrize("email", ["sam@attache.example", "pavel@sever.example"])
def test_nobody_gets_the_address_of_another(
    session: Session, settings: Settings, world: World, email: str
) -> None:
    with pytest.raises(AddressTaken):
        change(session, settings, world, email=email)


def test_a_new_address_kills_the_links_of_the_old_one_and_tells_it(
    session: Session, settings: Settings, world: World
) -> None:
    """Requirements 4 and 11 of the security list."""
    address = accounts.mint_operator_link(session, NOW, settings, world.vera.email)
    token = address.rpartition("/")[2]
    asked = LinkRequest(world.vera.email, "browser", "123456", "", "en")
    session.add(
        SignInLink(
            email=asked.email,
            language="en",
            created_at=NOW,
            expires_at=NOW + timedelta(minutes=9),
            browser_hash="x",
        )
    )
    session.flush()
    change(session, settings, world, email="vera@new.example")
    assert queries.living_link(session, NOW, token) is None
    assert session.scalars(select(SignInLink).where(SignInLink.used_at.is_(None))).all() == []
    (mail,) = session.scalars(select(OutgoingMail)).all()
    assert mail.recipient == "vera@nordwind.example"
    assert b"vera@new.example" not in mail.content
    # The address that was left and came back later is not let in by what was mailed before.
    change(session, settings, world, email="vera@nordwind.example")
    assert queries.living_link(session, NOW, token) is None


def test_the_mail_is_in_the_language_of_its_reader(
    session: Session, settings: Settings, world: World
) -> None:
    row = session.get_one(User, world.pavel.id)
    change_user(session, NOW, settings, world.ada.user, row, {"email": "p@new.example"})
    (mail,) = session.scalars(select(OutgoingMail)).all()
    assert b"Content-Language: ru" in mail.content


def test_who_is_disabled_is_out_at_once_and_enabled_signs_in_anew(session: Session, world: World) -> None:
    token, _ends = accounts.begin_session(session, NOW, world.vera.user)
    session.flush()
    assert queries.visit(session, NOW, token) is not None
    public_id = world.vera.user.public_id
    contacts.switch_contact(session, NOW, world.ada.user, public_id, is_active=False)
    assert queries.visit(session, NOW, token) is None
    contacts.switch_contact(session, NOW, world.ada.user, public_id, is_active=True)
    assert queries.visit(session, NOW, token) is None
    verbs = [row.verb for row in session.scalars(select(AuditEntry))]
    assert verbs == ["disabled", "enabled"]


@pytest.mark.parametrize("what", ["account", "role", "email"])
def test_a_first_proof_dies_with_account_role_and_address(
    session: Session, settings: Settings, world: World, what: str
) -> None:
    lev, ada = session.get_one(User, world.lev.id), world.ada.user
    token = proofs.admit(session, NOW, settings, world.lev.user, PASSWORD, NO_CLIENT, "").token
    session.flush()
    assert living_step(session, NOW, token) is not None
    if what == "account":
        for is_active in (False, True):
            people.switch_person(session, NOW, ada, lev.public_id, is_active=is_active)
    else:
        values = {"role": "administrator", "email": "lev@new.example"}
        change_user(session, NOW, settings, ada, lev, {what: values[what]})
    assert living_step(session, NOW, token) is None


def test_a_change_is_written_down_from_what_to_what(
    session: Session, settings: Settings, world: World
) -> None:
    change(session, settings, world, phone="+49 30 5550 9999", name="Vera L.")
    (entry,) = session.scalars(select(AuditEntry)).all()
    assert entry.detail["changes"] == {
        "name": ["Vera Lindqvist", "Vera L."],
        "phone": ["+49 30 5550 1010", "+49 30 5550 9999"],
    }
    change(session, settings, world, phone="+49 30 5550 9999", name="Vera L.")
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_a_specialist_is_added_with_what_customers_read(session: Session, world: World) -> None:
    public_id = people.add_person(
        session, NOW, world.ada.user, {**PERSON, "stand_in": world.rita.user.public_id}
    )
    nora = people.person(session, public_id)
    assert (nora.titles, nora.country, nora.region) == ({"en": "Specialist"}, "AT", "9")
    assert nora.stand_in == world.rita.user.public_id
    row = next(item for item in people.people(session, TODAY).items if item.name == "Nora Berg")
    assert (row.companies, row.covered_by) == (0, "Rita Weiss")


def test_a_senior_can_stand_in(session: Session, world: World) -> None:
    lev = world.lev.user.public_id
    public_id = people.add_person(session, NOW, world.ada.user, {**PERSON, "stand_in": lev})
    assert people.person(session, public_id).stand_in == lev


def test_who_leaves_the_role_stands_in_for_nobody_any_more(
    session: Session, settings: Settings, world: World
) -> None:
    lev = world.lev.user.public_id
    public_id = people.add_person(session, NOW, world.ada.user, {**PERSON, "stand_in": lev})
    rows = []
    for last in (TODAY - timedelta(days=1), TODAY):
        days = {"first_day": last, "last_day": last, "stand_in_id": world.lev.id}
        rows.append(TimeOff(specialist_id=world.sam.id, uid=str(last), noticed_at=NOW, **days))
    session.add_all(rows)
    session.flush()
    values = {**PERSON, "email": world.lev.email, "role": "administrator"}
    people.change_person(session, NOW, TODAY, settings, world.ada.user, lev, values, has_calls=False)
    assert people.person(session, public_id).stand_in == ""
    # Who served on days that are over stays known.
    session.expire_all()
    assert [row.stand_in_id for row in rows] == [world.lev.id, None]


@pytest.mark.parametrize("who", ["ada", "vera"])
def test_only_specialists_and_seniors_stand_in(session: Session, world: World, who: str) -> None:
    other = getattr(world, who).user.public_id
    with pytest.raises(NoStandIn):
        people.add_person(session, NOW, world.ada.user, {**PERSON, "stand_in": other})


def test_nobody_leaves_companies_or_calls_behind_by_a_new_role(
    session: Session, settings: Settings, world: World
) -> None:
    senior = {**PERSON, "name": "Sam", "email": world.sam.email, "role": "senior"}
    for member, has_calls in ((world.sam, False), (world.lev, True)):
        values = {**senior, "email": member.email, "role": "administrator"}
        with pytest.raises(StillServes):
            people.change_person(
                session,
                NOW,
                TODAY,
                settings,
                world.ada.user,
                member.user.public_id,
                values,
                has_calls=has_calls,
            )
    token, _ends = accounts.begin_session(session, NOW, world.lev.user)
    values = {**senior, "email": world.lev.email, "role": "administrator"}
    people.change_person(
        session, NOW, TODAY, settings, world.ada.user, world.lev.user.public_id, values, has_calls=False
    )
    assert queries.visit(session, NOW, token) is None
    assert people.person(session, world.lev.user.public_id).role == "administrator"
    assert session.get(Specialist, world.lev.id) is not None


def test_there_is_always_an_administrator_and_never_by_their_own_hand(
    session: Session, settings: Settings, world: World
) -> None:
    ada = world.ada.user
    with pytest.raises(OwnAccount):
        people.switch_person(session, NOW, ada, ada.public_id, is_active=False)
    with pytest.raises(LastAdministrator):
        people.switch_person(session, NOW, world.lev.user, ada.public_id, is_active=False)
    values = {**PERSON, "email": ada.email, "role": "specialist"}
    with pytest.raises(OwnAccount):
        people.change_person(session, NOW, TODAY, settings, ada, ada.public_id, values, has_calls=False)


def test_companies_of_who_leaves_are_named(session: Session, world: World) -> None:
    left = people.left_behind(session, world.sam.id, TODAY)
    assert (left.companies, left.company_count) == (("Nordwind", "Sever"), 2)


def test_fifty_people_cost_as_many_queries_as_one(session: Session, world: World, count_queries) -> None:
    for number in range(45):
        people.add_person(session, NOW, world.ada.user, {**PERSON, "email": f"n{number}@attache.example"})
    with count_queries() as queries_made:
        page = people.people(session, TODAY)
    assert (len(page.items), len(queries_made)) == (49, 3)
