"""Authorization, by the numbers of the requirements; for 12 see test_who_may.py."""

import io
import json
import re
import sqlite3
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import service as accounts
from app.booking import service as booking
from app.booking.models import Booking
from app.calendars.models import CalendarAccount
from app.calendars.service import connect, open_password
from app.lib import clock
from app.lib.db import Base, db
from app.lib.intervals import Interval
from app.lib.tokens import new_code, new_public_id, new_token
from tests.accounts.browsing import form_token, operator_link
from tests.api.conftest import ApiClient, api_client
from tests.architecture.test_routes import whole_application
from tests.pages.client import PageClient
from tests.support.replica import open_calendar
from tests.world import World, client_of

CANARY = "Canary of a secret meeting"


def body(start: str, **more: object) -> dict[str, object]:
    return {"call_type": "product-support", "start": start, **more}


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Booking)) or 0


def test_requirement_13_what_is_foreign_is_as_what_does_not_exist(
    app: Flask, world: World, vera_api: ApiClient, mallory_api: ApiClient
) -> None:
    call = vera_api.post("/bookings", body(vera_api.slots()[0]["start"]), key="one").get_json()["id"]
    mallory = client_of(app, world.mallory)
    for path in ("/calls/{}", "/calls/{}.ics", "/calls/{}/move", "/calls/{}/cancel", "/calls/{}/guests"):
        answers = [mallory.get(path.format(number)) for number in (call, "nothing")]
        texts = [answer.text.replace(call, "nothing") for answer in answers]
        texts = [re.sub(r'csrf_token" value="[^"]*"', "", text) for text in texts]
        assert answers[0].status_code == 404 and texts[0] == texts[1]
    for path in ("/bookings/{}", "/bookings/{}.ics"):
        answers = [mallory_api.get(path.format(number)) for number in (call, "nothing")]
        assert answers[0].status_code == 404 and answers[0].data == answers[1].data
    for verb in ("cancel", "senior"):
        answers = [mallory_api.post(f"/bookings/{number}/{verb}", {}) for number in (call, "nothing")]
        assert answers[0].status_code == 404 and answers[0].data == answers[1].data
    assert vera_api.get(f"/bookings/{call}").get_json()["status"] == "pending"


def test_requirement_13_a_colleague_of_another_company_has_the_call_by_mail_alone(
    app: Flask, world: World, vera: PageClient, vera_api: ApiClient, mallory_api: ApiClient
) -> None:
    call = vera_api.post("/bookings", body(vera_api.slots()[0]["start"]), key="one").get_json()["id"]
    assert vera.send(f"/calls/{call}/guests", email=world.mallory.email, name="").status_code == 303
    page, mallory = vera.get(f"/calls/{call}/guests"), PageClient(app, world.mallory)
    assert world.mallory.email in page.words
    assert world.mallory.user.name not in page.words and "Lynx" not in page.words
    mallory.get(f"/calls/{call}", 404)
    assert mallory.send(f"/calls/{call}/guests/remove", email=world.mallory.email).status_code == 404
    assert mallory_api.get(f"/bookings/{call}").status_code == 404
    assert call not in mallory.get("/calls").text and call not in mallory_api.get("/bookings").text


@pytest.mark.parametrize("field", ["specialist_id", "contact", "company", "price", "end", "status", "rules"])
def test_requirement_14_facts_come_from_the_server_and_unknown_fields_are_refused(
    app: Flask, world: World, vera_api: ApiClient, field: str
) -> None:
    start = vera_api.slots()[0]["start"]
    answer = vera_api.post("/bookings", body(start, **{field: world.rita.user.public_id}), key="one")
    assert (answer.status_code, stored(app)) == (422, 0)
    assert field in answer.get_json()["errors"]["json"]


def test_requirement_14_who_was_shown_decides_nothing_about_who_serves(
    app: Flask, world: World, vera_api: ApiClient
) -> None:
    start = vera_api.slots()[0]["start"]
    answer = vera_api.post("/bookings", body(start, specialist=world.rita.profile.public_id), key="one")
    assert (answer.status_code, answer.get_json()["code"], stored(app)) == (409, "other_serves", 0)


def test_requirement_14_a_form_changes_no_more_than_it_asks_for(vera: PageClient, world: World) -> None:
    start = vera.get("/book").slots()[0]
    forged = {"specialist_id": "6", "status": "confirmed"}
    address, _ = vera.follow("/book/hold", start=start, call_type="product-support", **forged)
    # Who the page showed is compared with who serves, and never taken for it.
    other = {**_details(vera, address), "specialist": world.rita.user.public_id}
    assert vera.send("/book", **other).status_code == 409
    _, page = vera.follow("/book", **_details(vera, address), **forged)
    assert "Rita" not in page.words and "Sam" in page.words
    assert "Your time is reserved" in page.words


def _details(vera: PageClient, address: str) -> dict[str, str]:
    (form,) = vera.get(address).forms("/book")
    hidden = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    return hidden | {"way": "video", "topic": ""}


def test_requirement_15_the_end_is_the_servers_and_a_start_must_keep_the_rules(
    app: Flask, vera_api: ApiClient, now: datetime
) -> None:
    slot = vera_api.slots()[4]
    start = datetime.fromisoformat(slot["start"])
    for wrong in (
        start + timedelta(minutes=7),
        start - timedelta(days=400),
        start + timedelta(days=200),
        start.replace(hour=3),
        now + timedelta(minutes=30),
    ):
        answer = vera_api.post("/bookings", body(wrong.isoformat()), key=wrong.isoformat())
        assert (answer.status_code, stored(app)) == (422, 0), wrong
    made = vera_api.post("/bookings", body(slot["start"]), key="right").get_json()
    assert datetime.fromisoformat(made["end"]) - start == timedelta(minutes=30)


def test_requirement_16_a_busy_time_tells_nothing_of_whose_it_is(
    app: Flask, world: World, vera_api: ApiClient, pavel_api: ApiClient, now: datetime
) -> None:
    first, second = (datetime.fromisoformat(vera_api.slots()[n]["start"]) for n in (4, 40))
    topic = {"topic": CANARY}
    assert pavel_api.post("/bookings", body(first.isoformat(), **topic), key="one").status_code == 201
    with app.app_context():
        session, settings = db.session(), app.extensions["attache"]
        session.execute(CalendarAccount.__table__.delete())
        session.execute(Base.metadata.tables["calendar_picture"].delete())
        busy = [Interval(second, second + timedelta(minutes=30))]
        open_calendar(session, settings, now, world.sam.id, busy=busy)
    starts = {slot["start"] for slot in vera_api.slots()}
    assert not {f"{start:%Y-%m-%dT%H:%M:%SZ}" for start in (first, second)} & starts
    answers = [
        vera_api.post("/bookings", body(start.isoformat()), key=str(start)) for start in (first, second)
    ]
    told = [{k: v for k, v in answer.get_json().items() if k != "alternatives"} for answer in answers]
    assert told[0] == told[1] and told[0]["code"] == "slot_taken"
    plan = {"call_type": "product-support", "weeks": 1, "count": 2}
    planned = [vera_api.post("/series/plan", plan | {"start": str(start)}) for start in (first, second)]
    assert planned[0].status_code == planned[1].status_code
    reasons = [[call["reason"] for call in answer.get_json().get("calls", [])][:1] for answer in planned]
    assert reasons == [["taken"], ["taken"]]
    vera = client_of(app, world.vera)
    seen = [answer.text for answer in answers]
    seen += [vera_api.get("/bookings").text, json.dumps(vera_api.slots())]
    for start in (first, second):
        seen.append(vera.get("/book", query_string={"week": start.date().isoformat()}).text)
    for word in (CANARY, "Pavel", "Sever", world.pavel.user.public_id):
        assert not any(word in text for text in seen), word


def test_requirement_17_ids_are_random_and_links_act_only_when_their_button_is_pressed(
    app: Flask, world: World, tmp_path: Path
) -> None:
    bits = {make: len({make() for _ in range(50)}) for make in (new_public_id, new_token)}
    assert set(bits.values()) == {50} and len(new_code()) == 6
    assert len(new_public_id()) * 6 >= 64 and len(new_token()) * 6 >= 128
    # A calendar account's number is told to its owner alone, a span's to administrators behind its company's
    # id; there is nothing of others behind them.
    counted = {"account_id", "span_id"}
    rules = whole_application(tmp_path).url_map.iter_rules()
    numbers = {
        name
        for rule in rules
        for name, converter in rule._converters.items()
        if type(converter).__name__ == "IntegerConverter"
    }
    assert numbers == counted
    link = operator_link(app, app.extensions["attache"], world.vera.email)
    browser = app.test_client()
    for _ in range(3):
        assert browser.get(link).status_code == browser.head(link).status_code == 200
    assert browser.get("/").status_code == 303
    token = form_token(browser, link)
    assert browser.post(link, data={"csrf_token": token}).status_code == 303
    assert browser.get("/").status_code == 200


def test_requirement_18_no_answer_log_export_or_file_holds_a_secret(
    app: Flask, world: World, vera: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    settings = app.extensions["attache"]
    with app.app_context():
        session, now = db.session(), clock.now()
        _, feed = booking.make_feed(session, now, world.vera.user, "Phone", "calls")
        link = accounts.mint_operator_link(session, now, settings, world.vera.email).rpartition("/")[2]
        password, home = "canary of a password", f"{settings.caldav_allowed_origins[0]}/lev/"
        account = connect(session, now, settings, world.lev.id, home, "lev", password)
        assert open_password(settings, account) == password
        session.commit()
    token = api_client(app, world.vera.email).token
    cookie = vera.client.get_cookie("attache")
    assert cookie is not None
    secrets = {feed, link, token, cookie.value, password, settings.secret_key, *settings.sealing_keys}
    seen = [vera.get(path).text for path in ("/", "/calendar-links", "/profile/tokens", "/profile")]
    seen += [PageClient(app, world.lev).get("/calendars").text, repr(settings), caplog.text]
    ada = PageClient(app, world.ada)
    seen += [ada.get(path).text for path in ("/audit", "/tokens", "/contacts", "/overview")]
    seen.append(ada.send("/audit/export").text)
    with zipfile.ZipFile(io.BytesIO(vera.send("/me/data").data)) as files:
        seen += [files.read(name).decode() for name in files.namelist()]
    seen.append(_dump(settings.database_url))
    for secret in secrets:
        assert not any(secret in text for text in seen)


def _dump(url: str) -> str:
    """All of a database as SQL, as a backup would hold it."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        return "\n".join(connection.iterdump())
