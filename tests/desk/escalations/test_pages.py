"""The pages of level 2: who sees what, takes it, cannot, brings somebody in, and is on call."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.config import Settings
from app.desk.escalations import queries
from app.desk.escalations.models import OnCallWeek
from app.desk.escalations.on_call import weeks_from
from app.lib import clock
from tests.desk.escalations.level_two import LevelTwo
from tests.pages.client import PageClient
from tests.support.queries import QueryRecorder
from tests.world import Member

Counting = Callable[[], AbstractContextManager[QueryRecorder]]


@pytest.fixture
def desk(app: Flask, session: Session, settings: Settings) -> LevelTwo:
    return LevelTwo(session, settings, clock.now().replace(microsecond=0))


@pytest.fixture
def client(app: Flask, desk: LevelTwo) -> Callable[[str], PageClient]:
    """A browser of somebody of the cast, or of the seniors Mia and Nils."""

    def client(name: str) -> PageClient:
        seniors = {"mia": desk.mia, "nils": desk.nils}
        who = Member(seniors[name], None) if name in seniors else getattr(desk.world, name)
        return PageClient(app, who)

    return client


Client = Callable[[str], PageClient]


def test_the_senior_takes_it_from_the_page_and_the_customer_sees_who_is_on_it(
    desk: LevelTwo, client: Client
) -> None:
    desk.put_on_call(desk.mia)
    request = desk.request(1)
    public_id, address = desk.level_two(request).public_id, f"/requests/{request.conversation.public_id}"
    vera, mia = client("vera"), client("mia")
    assert "A senior engineer is being asked" in vera.get(address).words
    assert client("lev").client.get(f"/escalations/{public_id}").status_code == 404
    assert f"/escalations/{public_id}" in mia.get("/escalations").links()
    page = mia.get(f"/escalations/{public_id}")
    assert "Nordwind" in page.words and "has until" in page.words
    answer = mia.send(f"/escalations/{public_id}/take")
    assert answer.status_code == 303 and answer.location == address
    seen = vera.get(address)
    assert "Mia Falk (Senior support engineer) is on it since" in seen.words
    (booking,) = [href for href in seen.links() if href.startswith("/book?")]
    assert desk.mia.public_id in booking and request.reference in booking
    assert "Mia Falk has it since" in client("sam").get(address).words


def test_the_second_is_told_who_has_it(desk: LevelTwo, client: Client) -> None:
    request = desk.request(1)
    desk.later(10)
    found = desk.take(desk.level_two(request), desk.lev)
    page = client("mia").post(f"/escalations/{found.public_id}/take", status=409)
    assert page.status == 409 and "Lev Orlov has it since" in page.words
    assert not page.forms(f"/escalations/{found.public_id}/take")


def test_one_who_cannot_says_so_and_one_who_has_it_is_done(desk: LevelTwo, client: Client) -> None:
    request = desk.request(1)
    public_id, lev, mia = desk.level_two(request).public_id, client("lev"), client("mia")
    assert lev.send(f"/escalations/{public_id}/decline").status_code == 303
    assert desk.asked(request) == ["Lev", "Mia"]
    assert "cannot take it" in mia.get(f"/escalations/{public_id}").words
    mia.send(f"/escalations/{public_id}/take")
    page = mia.get(f"/escalations/{public_id}")
    assert page.forms(f"/escalations/{public_id}/end")
    mia.send(f"/escalations/{public_id}/end")
    assert desk.level_two(request).ended_at is not None
    assert f"/escalations/{public_id}" in mia.get("/escalations", show="over").links()
    for who in ("sam", "ada"):
        assert client(who).send(f"/escalations/{public_id}/take").status_code == 404


def test_the_customer_brings_a_senior_in_from_the_request(desk: LevelTwo, client: Client) -> None:
    request, vera = desk.request(4), client("vera")
    address = f"/requests/{request.conversation.public_id}"
    ask = f"/conversations/{request.conversation.public_id}/senior"
    assert ask in vera.get(address).links()
    assert vera.get(ask).heading == "I need a senior engineer"
    answer = vera.send(ask, note="<b>Third</b> time")
    assert answer.status_code == 303 and answer.location == address
    assert "<b>Third</b> time" in vera.get(address).words
    assert ask not in vera.get(address).links()
    assert "<b>Third</b> time" in client("lev").get(f"/escalations/{desk.level_two(request).public_id}").words
    assert client("mallory").client.get(ask).status_code == 404


def test_the_specialist_hands_over_with_a_note_that_customers_do_not_see(
    desk: LevelTwo, client: Client
) -> None:
    request, sam = desk.request(4), client("sam")
    ask = f"/conversations/{request.conversation.public_id}/senior"
    empty = sam.post(ask, note=" ", status=422)
    assert empty.status == 422 and "Write something here" in empty.words
    assert empty.title.startswith("Error:")
    assert sam.send(ask, note="It is the proxy").status_code == 303
    address = f"/requests/{request.conversation.public_id}"
    assert "It is the proxy" in sam.get(address).words
    assert "It is the proxy" not in client("vera").get(address).words


def test_a_conversation_that_is_no_request_can_have_a_senior(desk: LevelTwo, client: Client) -> None:
    vera = desk.world.vera
    chat = desk.standing(vera)
    answer = client("vera").send(f"/conversations/{chat.public_id}/senior")
    assert answer.status_code == 303 and answer.location == "/chat"
    assert desk.mails(":senior_asked:") == [("lev", "Nordwind needs a senior engineer")]
    assert "–" in client("lev").get("/escalations").words


def test_a_chat_shows_level_2_to_either_side(desk: LevelTwo, client: Client, count_queries: Counting) -> None:
    chat, vera = desk.standing(desk.world.vera), client("vera")
    (asking,) = [href for href in vera.get("/chat").links() if href.endswith("/senior")]
    assert vera.send(asking, note="Nothing works").location == "/chat"
    with count_queries() as seen:
        assert "A senior engineer is being asked" in vera.get("/chat").words
    assert len(seen) <= 12
    sam = client("sam")
    with count_queries() as seen:
        staff = sam.get(f"/chats/{chat.public_id}")
    assert len(seen) <= 12
    assert "Asked: Lev Orlov" in staff.words and "Nothing works" in staff.words


def test_who_was_asked_sees_that_it_is_over_without_the_conversation(desk: LevelTwo, client: Client) -> None:
    request = desk.request(1)
    address = f"/requests/{request.conversation.public_id}"
    public_id = desk.level_two(request).public_id
    lev = client("lev")
    assert address in lev.get(f"/escalations/{public_id}").links()
    desk.solve(request)
    page = lev.get(f"/escalations/{public_id}")
    assert "Over since" in page.words and address not in page.links()
    assert lev.client.get(address).status_code == 404


def test_contacts_ask_while_their_company_has_the_option(desk: LevelTwo, client: Client) -> None:
    address = f"/conversations/{desk.request(3, desk.world.otto).conversation.public_id}/senior"
    otto = client("otto")
    assert otto.client.get(address).status_code == otto.send(address).status_code == 403


@pytest.mark.parametrize("before", ["9" * 30, "-1", "x"])
def test_an_odd_place_in_the_list_is_its_beginning(desk: LevelTwo, client: Client, before: str) -> None:
    desk.request(1)
    assert "Nobody can sign in" in client("lev").get("/escalations", before=before).words


def test_the_list_and_a_page_need_few_queries(
    desk: LevelTwo, client: Client, count_queries: Counting
) -> None:
    for severity in (1, 2):
        desk.request(severity)
        desk.now += timedelta(seconds=1)
    request = desk.request(1)
    paths = ["/escalations", f"/escalations/{desk.level_two(request).public_id}"]
    for who, more in (("lev", []), ("ada", ["/settings/on-call"]), ("sam", [])):
        browser = client(who)
        for path in [*paths, *more]:
            browser.get(path)
            with count_queries() as found:
                browser.get(path)
            assert len(found) <= 12, "\n".join(found.statements)


def test_a_long_list_goes_on_by_key(desk: LevelTwo, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desk.escalations.views.PAGE_SIZE", 2)
    for _ in range(3):
        desk.request(1)
        desk.now += timedelta(seconds=1)
    ada = client("ada")
    first = ada.get("/escalations")
    (older,) = [href for href in first.links() if "before=" in href]
    seen = [
        {href for href in page.links() if href.startswith("/escalations/")}
        for page in (first, ada.get(older))
    ]
    assert [len(hrefs) for hrefs in seen] == [2, 1] and not seen[0] & seen[1]


def test_administrators_set_who_is_on_call_and_repeat_it_in_turn(desk: LevelTwo, client: Client) -> None:
    ada, mondays = client("ada"), weeks_from(queries.monday_of(desk.now, desk.settings))
    assert "Nobody is on call in 12 weeks" in ada.get("/settings/on-call").words
    assert "No senior engineer is on call" in ada.get("/overview").words
    typed = {f"week-{mondays[0]}": desk.mia.public_id, f"week-{mondays[1]}": desk.lev.public_id}
    assert ada.send("/settings/on-call", **typed, repeat="1").status_code == 303
    assert plan(desk) == {
        monday: (desk.mia.id, desk.lev.id)[number % 2] for number, monday in enumerate(mondays)
    }
    assert "No senior engineer is on call" not in ada.get("/overview").words
    assert "You are on call:" in client("mia").get("/escalations").words
    kept = {f"week-{monday}": desk.lev.public_id for monday in mondays[1:]}
    ada.send("/settings/on-call", **kept | {f"week-{mondays[2]}": "nonsense"})
    assert plan(desk) == dict.fromkeys([mondays[1], *mondays[3:]], desk.lev.id)
    desk.session.rollback()
    verb = AuditEntry.verb == "changed who is on call"
    rows = desk.session.scalars(select(AuditEntry).where(verb).order_by(AuditEntry.id))
    told = [(row.object_id, row.detail["senior"]) for row in rows]
    assert told[0] == (str(mondays[0]), ["", "Mia Falk"])
    assert (str(mondays[0]), ["Mia Falk", ""]) in told[12:]


def plan(desk: LevelTwo) -> dict[date, int]:
    desk.session.rollback()
    rows = desk.session.execute(select(OnCallWeek.monday, OnCallWeek.senior_id).order_by(OnCallWeek.monday))
    return {row.monday: row.senior_id for row in rows}
