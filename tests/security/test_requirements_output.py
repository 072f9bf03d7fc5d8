"""Input, output and markup, by the numbers of the requirements."""

import ast
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import icalendar
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import html
from sqlalchemy.orm import Session

from app.accounts.paths import local_path
from app.booking import service as booking
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion, write_letter
from app.config import Settings
from app.factory import create_app
from app.ical.event import CalendarEvent, write_event
from app.lib.db import db
from app.lib.text import UncleanText, many_lines, one_line
from app.mail.draft import Draft, Party, to_bytes
from app.mail.models import OutgoingMail
from app.mail.service import post
from tests.accounts.browsing import form_token
from tests.api.conftest import ApiClient
from tests.architecture.source import ROOT, app_modules
from tests.pages.client import PageClient
from tests.world import World, client_of

CONTROLS = ["\x00", "\x1b", "\x85", "\u2028", "\u2029", "\ufffe", "\uffff", "\u202e", "\u2066", "\u200f"]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "{{7*7}}",
    "{% raw %}",
    "${7*7}",
    "javascript:alert(1)",
    "https://evil.example/",
    '=HYPERLINK("https://evil.example")',
    "+1+1",
    "@SUM(1)",
    "-2+3",
    "</textarea><b>",
    "&lt;b&gt;&amp;",
    "\\n\\;\\,",
    "BEGIN:VALARM",
    'x;y,z:"q"',
    "%0d%0aBcc: a@b.example",
    "=?utf-8?q?=0ABcc:a@b?=",
    "a\r\nBcc: a@b.example",
]
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def event(**texts: str) -> CalendarEvent:
    end = NOON + timedelta(minutes=30)
    return CalendarEvent(uid="u", starts_at=NOON, ends_at=end, stamped_at=NOON, created_at=NOON, **texts)


@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_requirement_19_one_cleaner_stands_before_pages_api_and_files(
    vera: PageClient, vera_api: ApiClient, control: str
) -> None:
    name = f"a{control}b"
    for clean in (one_line, many_lines):
        with pytest.raises(UncleanText):
            clean(name)
    assert "plain name" in vera.post("/calendar-links", 422, name=name).words
    assert "plain name" in vera.post("/profile/tokens", 422, name=name, scopes="read", days="1").words
    start = vera_api.slots()[0]["start"]
    body = {"call_type": "product-support", "start": start, "topic": name}
    assert vera_api.post("/bookings", body, key="one").status_code in {400, 422}
    assert control not in write_event(event(summary=name, description=name))


def test_requirement_19_names_are_trimmed_composed_and_short() -> None:
    assert one_line(" e\u0301 ") == "é"
    for text in ("", "x" * 201, "a\nb", "\ud800"):
        with pytest.raises(UncleanText):
            one_line(text)
    assert many_lines("a\r\nb\tc") == "a\nb\tc"


def texts_of(page: str) -> tuple[set[str], list[Any]]:
    """The elements and the addresses of a page."""
    tree = html.fromstring(page)
    return {str(element.tag) for element in tree.iter()}, tree.xpath("//@href | //@src | //@action")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_requirement_20_hostile_texts_come_out_as_text_everywhere(
    app: Flask, world: World, vera: PageClient, vera_api: ApiClient, hostile: str
) -> None:
    plain = many_lines(hostile)
    start = vera_api.slots()[0]["start"]
    body = {"call_type": "product-support", "start": start, "topic": hostile}
    made = vera_api.post("/bookings", body, key="one").get_json()
    assert made["topic"] == plain
    benign = vera_api.post("/bookings", body | {"start": vera_api.slots()[9]["start"], "topic": "x"}, key="2")
    pages = [vera.get(f"/calls/{number}") for number in (made["id"], benign.get_json()["id"])]
    assert " ".join(plain.split()) in pages[0].words
    assert texts_of(pages[0].text)[0] == texts_of(pages[1].text)[0]
    with app.app_context():
        call = booking.call_of(db.session(), world.vera.user, made["id"])
        letter = write_letter(call, Occasion(Kind.INVITATION), app.extensions["attache"])
    assert plain in letter.text
    tags, addresses = texts_of(letter.html)
    assert not {"script", "svg", "img"} & tags
    assert not any("evil.example" in address for address in addresses)
    assert letter.calendar is not None
    (invited,) = icalendar.Calendar.from_ical(letter.calendar.body).walk("VEVENT")
    assert plain in str(invited["DESCRIPTION"]) and len(invited.subcomponents) == 0
    message = message_from_bytes(to_bytes(letter, "<m@x.example>", "", NOON), policy=policy.default)
    assert message["Bcc"] is None and len(message["To"].addresses) == 1


@pytest.mark.parametrize("hostile", ["https://evil.example/", "javascript:alert(1)", "http://evil.example"])
def test_requirement_21_a_foreign_text_is_never_a_link(
    vera: PageClient, vera_api: ApiClient, hostile: str
) -> None:
    body = {"call_type": "product-support", "start": vera_api.slots()[0]["start"], "topic": f"See {hostile}"}
    number = vera_api.post("/bookings", body, key="one").get_json()["id"]
    page = vera.get(f"/calls/{number}")
    assert hostile in page.words
    assert not any("evil" in link or "script" in link for link in page.tree.xpath("//@href"))


@given(summary=st.text(max_size=60), description=st.text(max_size=200), location=st.text(max_size=60))
@hypothesis_settings(max_examples=60)
def test_requirement_22_an_event_has_the_properties_that_are_meant_and_no_other(
    summary: str, description: str, location: str
) -> None:
    text = write_event(event(summary=summary, description=description, location=location))
    meant = write_event(event(summary="s", description="d", location="l"))
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded(meant)}
    found = [line.partition(":")[0].partition(";")[0] for line in unfolded(text)]
    assert set(found) <= names and found.count("BEGIN") == found.count("END") == 2


def unfolded(text: str) -> list[str]:
    """Content lines (RFC 5545, 3.1), split wherever any reader would split."""
    return [line for line in text.replace("\r\n ", "").splitlines() if line]


@given(name=st.text(max_size=60), subject=st.text(max_size=100))
@hypothesis_settings(max_examples=60)
def test_requirement_23_no_text_adds_a_header_a_recipient_or_a_part(name: str, subject: str) -> None:
    def mail(name: str, subject: str) -> Draft:
        party = Party("vera@nordwind.example", name)
        return Draft(Party("calls@attache.example", name), party, subject, "text", "<p>text</p>", "en")

    try:
        content = to_bytes(mail(name, subject), "<m@x.example>", "", NOON)
    except ValueError:
        # What cannot be written is refused: see the next test for what becomes of it.
        return
    message = message_from_bytes(content, policy=policy.default)
    benign = message_from_bytes(to_bytes(mail("n", "s"), "<m@x.example>", "", NOON), policy=policy.default)
    assert message.keys() == benign.keys()
    assert [part.get_content_type() for part in message.walk()] == [
        part.get_content_type() for part in benign.walk()
    ]
    assert [one.addr_spec for one in message["To"].addresses] == ["vera@nordwind.example"]


def test_requirement_23_one_mail_that_cannot_be_written_fails_alone_and_visibly(session: Session) -> None:
    for number, address in enumerate(("nobody\n@x", "vera@nordwind.example")):
        sender, recipient = Party("calls@attache.example", "Sam"), Party(address, "Vera")
        draft = Draft(sender, recipient, "s", "t", "<p>t</p>", "en")
        post(session, NOON, f"key:{number}", f"thread:{number}", draft)
    states = {row.subject_key: row.state for row in session.query(OutgoingMail)}
    assert states == {"key:0": "given_up", "key:1": "waiting"}
    session.rollback()


def test_requirement_24_sql_has_bound_parameters() -> None:
    def lint(text: str) -> int:
        command = [sys.executable, "-m", "ruff", "check", "--quiet", "--stdin-filename", "app/x.py", "-"]
        return subprocess.run(command, input=text, text=True, cwd=ROOT, capture_output=True).returncode

    assert lint("def find(name: str) -> str:\n    return f\"SELECT * FROM x WHERE n = '{name}'\"\n") == 1
    assert lint('def find(name: str) -> str:\n    return f"name {name}"\n') == 0
    sent = {"text", "exec_driver_sql", "literal_column"}
    for module in app_modules():
        if "sqlalchemy" not in module.text:
            continue
        for call in (node for node in ast.walk(module.tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in sent and isinstance(call.func, ast.Name | ast.Attribute) and call.args:
                is_ours = isinstance(call.func, ast.Name) or name == "exec_driver_sql"
                assert not is_ours or isinstance(call.args[0], ast.Constant), module.name


def answers_of_all_kinds(app: Flask, world: World) -> list[Any]:
    """200, 303, 404, 405, 422, 400, 401, problem documents, assets, feeds, downloads."""
    nobody, vera = app.test_client(), client_of(app, world.vera)
    found = [vera.get(path) for path in ("/", "/profile", "/overview", "/nothing", "/me/data")]
    found += [nobody.get(path) for path in ("/", "/sign-in", "/healthz", "/feeds/nothing.ics")]
    found += [nobody.get("/api/v1/me"), nobody.get("/api/v1/openapi.json"), nobody.get("/api/v1/nothing")]
    found += [nobody.post("/sign-in"), nobody.post("/sign-in", headers={"Origin": "https://evil.example"})]
    found.append(nobody.get(html.fromstring(found[0].text).xpath("//link[@rel='stylesheet']/@href")[0]))
    return found


def test_requirement_25_every_answer_has_a_strict_policy(app: Flask, world: World) -> None:
    answers = answers_of_all_kinds(app, world)
    assert {answer.status_code for answer in answers} >= {200, 303, 400, 401, 404, 405}
    for answer in answers:
        rules = dict(
            part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert "unsafe" not in str(rules)
        assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == "'none'"
        assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_requirement_25_behind_tls_browsers_are_told_to_keep_to_it(
    make_settings: Callable[..., Settings],
) -> None:
    secure = create_app(make_settings(PUBLIC_URL="https://calls.company.example"))
    answer = secure.test_client().get("/healthz", base_url="https://calls.company.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_requirement_26_no_page_can_be_framed(app: Flask, world: World) -> None:
    for answer in answers_of_all_kinds(app, world):
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_requirement_27_only_a_form_of_our_own_changes_anything(
    app: Flask, world: World, vera: PageClient, vera_api: ApiClient
) -> None:
    slot = vera_api.slots()[0]["start"]
    body = {"call_type": "product-support", "start": slot}
    number = vera_api.post("/bookings", body, key="one").get_json()["id"]
    path, browser = f"/calls/{number}/cancel", vera.client
    token = form_token(browser, path)
    assert browser.get(path, query_string={"csrf_token": token, "reason": "x"}).status_code == 200
    assert browser.post(path).status_code == 400
    assert browser.post(f"{path}?csrf_token={token}").status_code == 400
    sent = {"csrf_token": token}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.post(path, data=sent, headers=headers).status_code == 403
    plain = app.test_client().post(
        f"/api/v1/bookings/{number}/reschedule",
        data='{"start": "2030-01-01T10:00:00Z"}',
        content_type="text/plain",
        headers={"Authorization": f"Bearer {vera_api.token}"},
    )
    assert plain.status_code == 422
    # The session of a browser is worth nothing at the API, so no form of others can reach it.
    assert browser.post(f"/api/v1/bookings/{number}/cancel").status_code == 401
    assert vera_api.get(f"/bookings/{number}").get_json()["status"] == "pending"
    assert browser.post(path, data=sent).status_code == 303
    assert vera_api.get(f"/bookings/{number}").get_json()["status"] == "cancelled"


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https:evil.example", "/%0d%0aX: y", "/@evil.example"]
)
def test_requirement_28_redirects_stay_here(app: Flask, world: World, target: str) -> None:
    assert local_path(target) == "" and local_path("/calls?page=2") == "/calls?page=2"
    vera = client_of(app, world.vera)
    assert vera.get("/sign-in", query_string={"next": target}).location == "/"
    page = html.fromstring(app.test_client().get("/sign-in/password", query_string={"next": target}).text)
    assert not any(
        target in value for value in page.xpath("//main//@value | //main//@href | //main//@action")
    )
    fields = {"csrf_token": form_token(vera, "/profile"), "language": "en", "next": target}
    assert vera.post("/language", data=fields).location == "/"


def test_requirement_29_no_other_origin_may_read_an_answer(app: Flask, world: World) -> None:
    evil = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    nobody = app.test_client()
    answers = [nobody.get(path, headers=evil) for path in ("/sign-in", "/api/v1/me", "/feeds/x.ics")]
    answers += [
        nobody.options(path, headers=evil) for path in ("/sign-in", "/api/v1/slots", "/api/v1/bookings")
    ]
    for answer in [*answers, *answers_of_all_kinds(app, world)]:
        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control-")]
