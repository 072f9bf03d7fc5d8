"""The monthly report as its readers find it: their own alone, what was kept and why not, as a file too."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.customers.files.csv_text import from_csv
from app.desk.reports.csv_rows import COLUMNS
from app.desk.requests.service import change_severity, solve
from app.desk.requests.values import ClockName
from app.desk.warnings.jobs import warn_pass
from app.desk.warnings.service import give_reason
from app.lib import clock
from app.lib.db import db, write
from tests.desk.asking import Desk, path
from tests.pages.client import PageClient
from tests.world import World, build_world

Counting = Callable[[], AbstractContextManager[list[str]]]
MINUTE = timedelta(minutes=1)
# A Tuesday in October, 10:00 in Bratislava.
THEN = datetime(2025, 10, 14, 8, 0, tzinfo=UTC)
OCTOBER = "2025-10"


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now() - timedelta(days=500))


@pytest.fixture
def desk(app: Flask, world: World) -> Desk:
    return Desk(app, world)


def client(app: Flask, world: World, name: str) -> PageClient:
    return PageClient(app, getattr(world, name))


def october(app: Flask, desk: Desk, world: World) -> None:
    """One answer in time, one twelve minutes late with a reason, and a question that is open still."""
    kept = desk.open(THEN, 3, subject="Kept")
    desk.say(THEN + 30 * MINUTE, kept, world.sam)
    late = desk.open(THEN, 1, subject="=Late", who=world.vera)
    desk.say(THEN + 72 * MINUTE, late, world.sam, is_next_step=True)
    with app.app_context():
        warn_pass(db.session(), desk.settings, THEN + 80 * MINUTE)
        number, sam, name = late.conversation.id, world.sam.user, ClockName.FIRST_RESPONSE
        write(
            db.session(),
            [],
            lambda s: give_reason(s, THEN + 90 * MINUTE, desk.settings, sam, number, name, "Two at once"),
        )


def test_either_side_reads_what_was_kept_and_why_not(app: Flask, desk: Desk, world: World) -> None:
    october(app, desk, world)
    company = world.vera.profile.company_public_id
    for name, address in (
        ("vera", f"/reports/{OCTOBER}"),
        ("sam", f"/reports/{company}/{OCTOBER}"),
        ("ada", f"/reports/{company}/{OCTOBER}"),
    ):
        page = client(app, world, name).get(address)
        assert page.heading == "Response times: October 2025"
        # The next step of the first request is due since long and counts as missed.
        assert "2 of 4 due times were kept (50 %)." in page.words
        rows = [[cell.text_content() for cell in row] for row in page.tree.findall(".//tbody/tr")]
        assert rows[0] == ["1 Critical", "first answer", "0", "1", "0", "1 h 12 min", "1 h 12 min"]
        assert rows[1][:4] == ["1 Critical", "next step", "1", "0"]
        assert rows[2] == ["3 Standard", "first answer", "1", "0", "0", "30 min", "30 min"]
        assert rows[3] == ["3 Standard", "next step", "0", "1", "0", "–", "–"]
        assert "Two at once" in page.words and "No reason is given yet." in page.words
        assert len(page.tree.findall(".//svg[@class='chart']//text")) == 8
        assert "So far" not in page.words


def test_what_was_met_counts_for_the_severity_that_it_was_due_by(
    app: Flask, desk: Desk, world: World
) -> None:
    # On Saturday, when the business clock stands still.
    saturday = THEN + timedelta(days=(5 - THEN.weekday()) % 7)
    found = desk.open(saturday, 1)
    desk.say(saturday + 30 * MINUTE, found, world.sam)
    with app.app_context():
        sam, number = world.sam.user, found.conversation.id
        write(
            db.session(),
            [],
            lambda s: change_severity(s, saturday + 40 * MINUTE, desk.settings, sam, number, 3, "Less"),
        )
    page = client(app, world, "vera").get(f"/reports/{OCTOBER}")
    rows = [[cell.text_content() for cell in row] for row in page.tree.findall(".//tbody/tr")]
    assert rows[0] == ["1 Critical", "first answer", "1", "0", "0", "30 min", "30 min"]
    assert rows[1][:4] == ["3 Standard", "next step", "0", "1"]


def test_what_the_customer_solved_unanswered_is_not_said_to_come_yet(
    app: Flask, desk: Desk, world: World
) -> None:
    found, vera = desk.open(THEN, 1), world.vera.user
    with app.app_context():
        number = found.conversation.id
        write(db.session(), [], lambda s: solve(s, THEN + 90 * MINUTE, desk.settings, vera, number))
    page = client(app, world, "vera").get(f"/reports/{OCTOBER}")
    assert "Ended when it was solved" in page.words and "not yet" not in page.words


def test_a_month_is_its_companys_alone(app: Flask, desk: Desk, world: World) -> None:
    october(app, desk, world)
    company = world.vera.profile.company_public_id
    other = client(app, world, "mallory").get(f"/reports/{OCTOBER}")
    assert "No requests in this month" in other.words
    for name in ("rita", "lev", "vera"):
        for end in ("", f"/{OCTOBER}", f"/{OCTOBER}.csv"):
            assert client(app, world, name).client.get(f"/reports/{company}{end}").status_code == 404
    ada = client(app, world, "ada")
    for month in ("2025-13", "2999-01", "1999-12", "October"):
        assert ada.client.get(f"/reports/{company}/{month}").status_code == 404


def test_months_are_listed_from_the_first_request_to_this_one(app: Flask, desk: Desk, world: World) -> None:
    october(app, desk, world)
    vera = client(app, world, "vera")
    links = [link for link in vera.get("/reports").links() if link.startswith("/reports/")]
    this = f"{clock.now():%Y-%m}"
    assert links[0] == f"/reports/{this}" and links[-1] == f"/reports/{OCTOBER}"
    page = vera.get(f"/reports/{this}")
    assert "No requests in this month" in page.words and "So far: the month is not over." in page.words
    sam = client(app, world, "sam").get("/reports")
    assert [item for item in ("Nordwind", "Sever", "Lynx") if item in sam.words] == ["Nordwind", "Sever"]
    assert "Lynx" in client(app, world, "ada").get("/reports").words


def test_the_file_has_a_row_for_each_clock_and_no_formula(app: Flask, desk: Desk, world: World) -> None:
    october(app, desk, world)
    answer = client(app, world, "vera").client.get(f"/reports/{OCTOBER}.csv")
    assert answer.mimetype == "text/csv" and b"'=Late" in answer.data
    lines = from_csv(answer.data, COLUMNS, COLUMNS).lines
    assert [(line.cells["clock"], line.cells["outcome"], line.cells["minutes"]) for line in lines] == [
        ("first_response", "kept", "30"),
        ("next_step", "missed", ""),
        ("first_response", "missed", "72"),
        ("next_step", "kept", "72"),
    ]
    assert lines[2].cells["reason"] == "Two at once"


def test_a_report_costs_the_same_for_many_requests(
    app: Flask, desk: Desk, world: World, count_queries: Counting
) -> None:
    for number in range(30):
        desk.open(THEN + number * MINUTE, 1 + number % 5)
    company = world.vera.profile.company_public_id
    for name, address in (
        ("vera", f"/reports/{OCTOBER}"),
        ("sam", f"/reports/{company}/{OCTOBER}"),
        ("sam", f"/reports/{company}"),
        ("sam", "/reports"),
    ):
        reader = client(app, world, name)
        with count_queries() as queries:
            assert reader.client.get(address).status_code == 200
        assert len(queries) <= 12, address


def test_reasons_are_given_on_the_requests_page_and_asked_for_until_then(
    app: Flask, desk: Desk, world: World, count_queries: Counting
) -> None:
    now = clock.now()
    request = desk.open(now - 80 * MINUTE, 1)
    soon = desk.open(now - 50 * MINUTE, 1)
    with app.app_context():
        warn_pass(db.session(), desk.settings, now)
    sam, address = client(app, world, "sam"), f"{path(request)}/reason"
    for listed in ("/schedule", "/requests"):
        page = sam.get(listed)
        assert f"Say why these were late: {request.reference}" in page.words
        assert "1 request runs out soon" in page.words
        assert f"{path(request)}#reasons" in page.links()
        with count_queries() as queries:
            sam.client.get(listed)
        assert len(queries) <= 12, listed
    vera = client(app, world, "vera")
    assert "Warned:" in sam.get(path(soon)).words and "Warned:" not in vera.get(path(soon)).words
    page = sam.get(path(request))
    assert "The customer reads it in the monthly report." in page.words
    refused = sam.post(address, 422, clock="first_response", reason=" ")
    assert "It is empty, too long or holds control characters." in refused.words
    location, page = sam.follow(address, clock="first_response", reason="Two outages\nat once")
    assert location == f"{path(request)}#reasons" and "Two outages" in page.words
    assert "Say why" not in sam.get("/requests").words
    assert "Why it was late" not in vera.get(path(request)).words
