"""What administrators keep and what files and calendars bring in, by the numbers of the requirements."""

import csv
import io
import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import AuditEntry, User
from app.calendars.models import Calendar, CalendarAccount, CalendarObject
from app.customers.files.csv_text import from_csv, to_csv
from app.customers.models import Company
from app.lib import clock
from app.lib.db import db
from app.lib.text import many_lines
from app.mail.models import OutgoingMail
from tests.calendars.world import ics
from tests.pages.client import Page, PageClient
from tests.security.test_requirements_output import CONTROLS, HOSTILE, texts_of
from tests.world import World

LINES = [text for text in HOSTILE if "\n" not in text]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PERSON = {"time_zone": "Europe/Berlin", "language": "en"}


@pytest.fixture
def ada(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.ada)


def upload(ada: PageClient, kind: str, data: bytes) -> tuple[str, Page]:
    """Send a file: where it is looked at, and that page."""
    return ada.follow(f"/files/{kind}", file=(io.BytesIO(data), f"{kind}.csv"))


def take(ada: PageClient, kind: str, data: bytes) -> Page:
    """Take a file in: the page on which it was looked at."""
    path, page = upload(ada, kind, data)
    (form,) = page.forms(f"{path}/take")
    ada.follow(f"{path}/take", digest=form.fields["digest"])
    return page


def plain(page: Page, like: Page) -> bool:
    """Whether a page has no element and no foreign address that one without hostile texts has not."""
    tags, addresses = texts_of(page.text)
    return tags <= texts_of(like.text)[0] and not any("evil.example" in link for link in addresses)


def one_word(text: str) -> str:
    return " ".join(text.split())


def test_requirement_20_files_bring_in_texts_that_come_out_as_text(app: Flask, ada: PageClient) -> None:
    benign = take(ada, "companies", to_csv(("name", "note"), [("Plain", "plain")]))
    looked = take(ada, "companies", to_csv(("name", "note"), [(text, text) for text in LINES]))
    assert plain(looked, benign) and all(one_word(text) in looked.words for text in LINES)
    with app.app_context():
        kept = {
            row.name: row.public_id for row in db.session.execute(select(Company.name, Company.public_id))
        }
    assert set(LINES) <= set(kept)
    like = ada.get(f"/companies/{kept['Plain']}")
    for text in LINES:
        page = ada.get(f"/companies/{kept[text]}")
        assert plain(page, like) and page.words.count(one_word(text)) >= 2, text
        # The value of a field may begin like a script.
        form = Page(ada.client.get(f"/companies/{kept[text]}/change"))
        assert plain(form, ada.get("/companies/new"))
    assert plain(ada.get("/companies", q="evil"), ada.get("/companies", q="Plain"))
    people = [("Plain", f"h{number}@x.example", text) for number, text in enumerate(LINES)]
    take(ada, "contacts", to_csv(("company", "email", "name"), people))
    found = ada.get("/contacts", q="x.example")
    assert plain(found, ada.get("/contacts")) and all(one_word(text) in found.words for text in LINES)
    for kind, column in (("companies", "name"), ("contacts", "name")):
        answer = ada.send(f"/files/{kind}/export")
        assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{kind}-20')
        cells = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
        assert not [cell for row in cells for cell in row if cell.startswith(FORMULA)]
        lines = from_csv(answer.data, {*cells[0]}, ()).lines
        assert set(LINES) <= {line.cells[column] for line in lines}


def test_requirement_20_holidays_notes_and_stand_ins_come_out_as_text(
    app: Flask, world: World, ada: PageClient, vera: PageClient
) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    week, years = vera.get("/book"), {"year": tomorrow.year}
    for number, text in enumerate(["Plain", *LINES]):
        if number == 1:
            usual = ada.get("/settings/holidays", **years)
        fields = {"day": (tomorrow + timedelta(days=number)).isoformat(), "scope": "everywhere"}
        assert ada.send("/settings/holidays", **fields, **{"name-en": text, "name-ru": text}).location
    page, note = ada.get("/settings/holidays", **years), "\n".join(HOSTILE)
    assert plain(page, usual) and one_word(LINES[0]) in page.words
    seen = vera.get("/book")
    assert texts_of(seen.text)[0] <= texts_of(week.text)[0] | {"p", "li", "ul", "b", "strong"}
    company, rita = world.vera.profile.company_public_id, world.rita.user.public_id
    later = {"specialist": rita, "day": (tomorrow + timedelta(days=40)).isoformat()}
    ada.follow(f"/companies/{company}/hand-over", **later, note=note)
    with app.app_context():
        (mail,) = db.session.scalars(select(OutgoingMail.content).where(OutgoingMail.recipient.like("rita%")))
        calendar = db.session.scalars(
            select(Calendar).join(CalendarAccount).where(CalendarAccount.person_id == world.sam.id)
        ).one()
        leave = ics("x", "20270104", "20270109").replace(
            "SUMMARY:x", f'SUMMARY:Stand-in: "onload=x {note[:9]}'
        )
        facts = {"href": f"{calendar.href}hours-x.ics", "etag": '"1"', "uid": "hours-x", "text": leave}
        db.session.add(CalendarObject(calendar_id=calendar.id, **facts))
        db.session.commit()
    (link,) = [
        link for link in PageClient(app, world.rita).get("/schedule").links() if "/hand-overs/" in link
    ]
    page = PageClient(app, world.rita).get(link)
    assert one_word(many_lines(note)) in page.words
    assert not {"img", "script"} & {str(element.tag) for element in page.tree.find(".//main").iter()}
    message = message_from_bytes(mail, policy=policy.default)
    assert message["Bcc"] is None and len(message["To"].addresses) == 1
    assert not {"script", "svg", "img"} & texts_of(message.get_body(("html",)).get_content())[0]
    assert '"onload=x' in PageClient(app, world.sam).get("/hours").words


def test_requirement_19_nothing_that_is_kept_holds_controls(
    app: Flask, world: World, ada: PageClient
) -> None:
    company, day = world.vera.profile.company_public_id, (clock.now().date() + timedelta(days=9)).isoformat()
    before = ada.get("/audit", verb="company_added").text
    for control in (text for text in CONTROLS if text != "\x00"):
        name, mail = f"a{control}b", {"email": "new@x.example"}
        texts = {"name": "Fine", "plan": "standard", "note": name}
        for path, fields in (
            ("/companies/new", texts | {"name": name, "note": ""}),
            ("/companies/new", texts),
            (f"/companies/{company}/contacts/new", PERSON | mail | {"name": name}),
            ("/people/new", PERSON | mail | {"name": name, "role": "administrator"}),
            ("/settings/holidays", {"day": day, "name-en": name, "name-ru": name}),
            ("/settings", {"organisation": name}),
            (
                f"/companies/{company}/hand-over",
                {"specialist": world.rita.user.public_id, "day": day, "note": name},
            ),
        ):
            assert ada.send(path, **fields).status_code == 422, (path, ascii(control))
        for kind, columns in (("companies", ("name",)), ("contacts", ("company", "email", "name"))):
            row = (name,) if kind == "companies" else ("Nordwind", "n@x.example", name)
            answer = ada.send(f"/files/{kind}", file=(io.BytesIO(to_csv(columns, [row])), "x.csv"))
            ada.get(answer.location, 422)
    assert ada.get("/audit", verb="company_added").text.count("company_added") == before.count(
        "company_added"
    )
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(User.email.like("%@x.example"))) == 0
    composed = to_csv(("name", "note"), [("Cafe\u0301", "")])
    take(ada, "companies", composed)
    again = upload(ada, "companies", composed)[1]
    assert "Caf\u00e9" in ada.get("/companies", q="Caf\u00e9").words
    assert "added: 0, changed: 0, unchanged: 1" in again.words


def test_an_address_in_a_file_is_compared_as_it_is_kept(ada: PageClient) -> None:
    data = to_csv(("company", "email", "name"), [("Nordwind", "New@B\u00fccher.example", "New")])
    take(ada, "contacts", data)
    assert "added: 0, changed: 0, unchanged: 1" in upload(ada, "contacts", data)[1].words


def test_requirement_45_changes_are_in_the_log_with_before_after_and_where_from(
    app: Flask, world: World, ada: PageClient
) -> None:
    ada.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    company = world.vera.profile.company_public_id
    day = (clock.now().date() + timedelta(days=9)).isoformat()
    lev = PERSON | {"name": "Lev", "email": world.lev.email, "role": "specialist", "country": "SK"}
    ada.follow(f"/companies/{company}/change", name="Nordwind", plan="all_inclusive", note="Changed")
    take(ada, "companies", to_csv(("name", "note"), [("Nordwind", "From a file")]))
    ada.follow(f"/people/{world.lev.user.public_id}", **lev)
    ada.follow(
        "/settings/data", mail_retention_days="99", audit_retention_days="730", ended_session_days="30"
    )
    rita = world.rita.user.public_id
    ada.follow(f"/companies/{company}/hand-over", specialist=rita, day=day, note="Secret note")
    assert ada.send("/profile/tokens", name="Mine", scopes="read", days="1").status_code == 200
    ada.get(f"/companies/{company}")
    with app.app_context():
        rows = db.session.execute(
            select(AuditEntry.verb, AuditEntry.detail, AuditEntry.client_address).order_by(AuditEntry.id)
        ).all()
    assert {where for _verb, _detail, where in rows} == {"203.0.113.9"}
    changes = [(verb, detail["changes"]) for verb, detail, _where in rows if "changes" in detail]
    notes = [told["note"] for verb, told in changes if verb == "company_changed"]
    assert notes == [["", "Changed"], ["Changed", "From a file"]]
    assert ["senior", "specialist"] in [told.get("role") for _verb, told in changes]
    assert {"mail_retention_days": [180, 99]} in [told for _verb, told in changes]
    verbs = {verb for verb, _detail, _where in rows}
    assert {"hand_over_planned", "viewed a company", "imported"} <= verbs and any("token" in v for v in verbs)
    assert "Secret note" not in str(rows)
    past = [link for link in ada.get(f"/companies/{company}").links() if link.startswith("/audit?")]
    assert "From a file" in ada.get(past[0]).words


def test_requirement_14_ids_of_another_kind_are_worth_nothing(
    app: Flask, world: World, ada: PageClient
) -> None:
    vera, sam, rita = (member.user.public_id for member in (world.vera, world.sam, world.rita))
    company, other = world.vera.profile.company_public_id, world.mallory.profile.company_public_id
    day = (clock.now().date() + timedelta(days=9)).isoformat()
    links = ada.get(f"/companies/{company}").links()
    option = next(link for link in links if re.fullmatch(r"/companies/.+/option/[0-9]+", link))
    for path in (f"/people/{vera}", f"/people/{vera}/disable", f"/contacts/{sam}", f"/contacts/{sam}/erase"):
        ada.get(path, 404)
    ada.get(option.replace(company, other), 404)
    assert ada.send(f"{option}/remove".replace(company, other)).status_code == 404
    assert ada.send(f"/contacts/{sam}/disable").status_code == 404
    assert ada.send(f"/people/{vera}/disable").status_code == 404
    without = world.otto.profile.company_public_id
    assert ada.send(f"/companies/{without}/serving", specialist=vera, day=day).status_code == 409
    assert ada.send(f"/companies/{company}/hand-over", specialist=vera, day=day).status_code == 409
    staff = PERSON | {"name": "Rita", "email": world.rita.email, "role": "specialist", "country": "SK"}
    for nobody in (vera, rita, "a\x00b", "nobody"):
        assert ada.send(f"/people/{rita}", **staff, stand_in=nobody).status_code == 422
    for column, value in (("id", world.ada.user.public_id), ("email", world.ada.email)):
        row = {"id": "", "company": "Nordwind", "email": "x@x.example", "name": "Taken"} | {column: value}
        answer = ada.send("/files/contacts", file=(io.BytesIO(to_csv([*row], [[*row.values()]])), "x.csv"))
        ada.get(answer.location, 422)
    for url in ("javascript:alert(1)", "http://x.example", "//x.example"):
        page = Page(ada.client.get("/settings"))
        (form,) = page.forms("/settings")
        fields = {name: value or "" for name, value in form.fields.items() if name != "csrf_token"}
        assert ada.send("/settings", **fields | {"standard_chat_url": url}).status_code == 422
        assert ada.send(f"/people/{rita}", **staff, room_url=url).status_code == 422


@pytest.mark.postgres
def test_lists_take_any_address(ada: PageClient) -> None:
    for path in ("/companies", "/contacts", "/people", "/search"):
        for odd in ("a\x00b", "%", "'", "9" * 40, "\u0661~x", "1~a\x00b"):
            assert ada.client.get(path, query_string=dict.fromkeys(("q", "after"), odd)).status_code in {
                200,
                303,
            }


def test_requirement_14_nobody_makes_more_of_themselves_by_a_form(
    app: Flask, world: World, vera: PageClient
) -> None:
    forged = {"role": "administrator", "email": "ada@x.example", "company_id": "2", "is_active": "0"}
    vera.send("/profile", name="Root", language="en", time_zone="Europe/Berlin", **forged)
    with app.app_context():
        row = db.session.get_one(User, world.vera.id)
        assert (row.role, row.email, row.name) == ("contact", world.vera.email, world.vera.user.name)
