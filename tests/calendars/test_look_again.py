"""Looking once more at an account that is connected: the same account afterwards, never tried too often."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.connecting.lookup_values import default_choices
from app.calendars.connecting.service_lookup import accept, confirm_moved, look_again
from app.calendars.errors import CredentialsRefused, NoCalendar
from app.calendars.models import Calendar, CalendarAccount
from app.calendars.service import accounts_of, change_password, choose, connect, open_password, rechoose
from app.config import Settings
from tests.calendars.lookup_world import SECRET, answer, ask, row_of, view
from tests.calendars.odd_server import OddServer, Told, calendar, moved, odd_server, serve
from tests.calendars.world import NOW, add_sam

READ_ONLY = (
    "<d:current-user-privilege-set><d:privilege><d:read/></d:privilege></d:current-user-privilege-set>"
)
FOR_HOURS = (
    '<c:supported-calendar-component-set><c:comp name="VAVAILABILITY"/></c:supported-calendar-component-set>'
)


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server() as running:
        yield serve(
            running,
            calendar("/home/work/", "Work"),
            calendar("/home/team/", "Team", READ_ONLY),
            calendar("/home/hours/", "Hours", FOR_HOURS),
            more="<d:current-user-principal><d:href>/me/</d:href></d:current-user-principal>",
        )


def connected(session: Session, settings: Settings, server: OddServer) -> CalendarAccount:
    """Sam's account as the page proposes it."""
    public_id = ask(session, settings, server.url)
    found = view(session, public_id).discovery
    assert found is not None
    person_id = row_of(session, public_id).person_id
    accept(session, NOW, settings, person_id, public_id, default_choices(found))
    session.commit()
    return the_account(session)


def the_account(session: Session) -> CalendarAccount:
    """The only one there is."""
    session.expire_all()
    return session.scalars(select(CalendarAccount)).one()


def take(session: Session, settings: Settings, public_id: str) -> None:
    """Accept what was found, as the page proposes it."""
    found = view(session, public_id)
    assert found.discovery is not None
    person_id = row_of(session, public_id).person_id
    accept(session, NOW, settings, person_id, public_id, default_choices(found.discovery))
    session.commit()


def test_an_account_that_has_moved_is_the_same_account_at_its_new_address(
    session: Session, allowing: Callable[..., Settings], server: OddServer
) -> None:
    with odd_server() as new:
        settings = allowing(server, serve(new))
        account = connected(session, settings, server)
        person_id, number = account.person_id, account.id
        server.answers = {"/me/": moved(f"{new.url}/")}
        first = answer(session, settings, look_again(session, NOW, settings, person_id, number))
        assert view(session, first).state == "moved"
        assert new.asked == []
        second = answer(session, settings, confirm_moved(session, NOW, settings, person_id, first))
        take(session, settings, second)
        account = the_account(session)
        assert (account.id, account.url) == (number, f"{new.url}/me/")
        assert open_password(settings, account) == SECRET


def test_a_password_that_was_typed_meanwhile_stays(
    session: Session, allowing: Callable[..., Settings], server: OddServer
) -> None:
    settings = allowing(server)
    account = connected(session, settings, server)
    public_id = look_again(session, NOW, settings, account.person_id, account.id)
    answer(session, settings, public_id)
    change_password(session, NOW, settings, account.person_id, account.id, "newer")
    session.commit()
    take(session, settings, public_id)
    assert open_password(settings, the_account(session)) == "newer"


@pytest.mark.parametrize(("newer", "state"), [("", "refused"), ("newer", "unreachable")])
def test_a_refusal_counts_against_the_password_that_was_tried_alone(
    session: Session, allowing: Callable[..., Settings], server: OddServer, newer: str, state: str
) -> None:
    settings = allowing(server)
    account = connected(session, settings, server)
    public_id = look_again(session, NOW, settings, account.person_id, account.id)
    if newer:
        change_password(session, NOW, settings, account.person_id, account.id, newer)
    server.answers = {"/me/": Told(401)}
    answer(session, settings, public_id)
    found = view(session, public_id)
    assert (found.state, found.reason, found.account_id) == ("failed", "credentials", account.id)
    assert the_account(session).state == state


def test_a_refused_account_is_not_looked_at_and_nobody_elses_either(
    session: Session, allowing: Callable[..., Settings], server: OddServer
) -> None:
    settings = allowing(server)
    account = connected(session, settings, server)
    with pytest.raises(NoCalendar):
        look_again(session, NOW, settings, account.person_id + 1, account.id)
    account.state = "refused"
    session.commit()
    with pytest.raises(CredentialsRefused):
        look_again(session, NOW, settings, account.person_id, account.id)


def test_what_may_be_done_with_a_calendar_is_remembered(
    session: Session, allowing: Callable[..., Settings], server: OddServer
) -> None:
    account = connected(session, allowing(server), server)
    (shown,) = accounts_of(session, account.person_id)
    rights = {item.href: (item.can_write, item.holds_events) for item in shown.calendars}
    assert rights == {
        "/home/work/": (True, True),
        "/home/team/": (False, True),
        "/home/hours/": (True, False),
    }
    ids = {item.href: item.id for item in shown.calendars}
    team = {ids["/home/team/"]: "busy"}
    with pytest.raises(ValueError, match="written"):
        rechoose(session, NOW, account.person_id, account.id, team, ids["/home/team/"])
    with pytest.raises(ValueError, match="written"):
        choose(session, account, {"/home/team/": "busy"}, "/home/team/")


def test_hours_that_only_we_keep_are_chosen_without_the_server(session: Session, settings: Settings) -> None:
    sam = add_sam(session)
    account = connect(session, NOW, settings, sam.id, "https://cloud.example.com/", "sam", "x")
    choose(session, account, {"/sam/work/": "busy", "/sam/hours/": "working_hours"}, "/sam/work/")
    session.commit()
    (shown,) = accounts_of(session, sam.id)
    work, hours = (item.id for item in shown.calendars)
    for _ in range(2):
        rechoose(session, NOW, sam.id, account.id, {work: "busy", hours: "ignored"}, work, keep_hours=True)
        session.commit()
        chosen = session.execute(select(Calendar.source, Calendar.purpose).order_by(Calendar.id)).all()
        assert [tuple(row) for row in chosen] == [
            ("collection", "busy"),
            ("collection", "ignored"),
            ("kept", "working_hours"),
        ]
