"""Every form of the ground sent in ways that nobody's page does: without its token, with fields beside it,
and by somebody who stands in for a while.
"""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from app.calendars.models import Calendar, CalendarAccount
from app.customers import service as customers
from app.customers.models import TimeOff
from app.lib import clock
from app.lib.db import db
from tests.architecture.source import rows
from tests.architecture.test_routes import OF_LIBRARIES
from tests.security.asked import BODIES
from tests.security.ground import Ground
from tests.security.who_may import ask, laid_out, restored
from tests.support.databases import copy_sqlite

# Who belongs to whom and what they may: no form sets these beside what it asks for.
FORGED = {
    "role": "administrator",
    "company_id": "2",
    "user_id": "1",
    "contact_id": "1",
    "specialist_id": "1",
    "person_id": "1",
    "is_active": "0",
    "status": "cancelled",
    "public_id": "forged",
    "id": "1",
}
# The desk follows who serves (rule 2 of the offer): who stands in reads and answers.
OF_WHOEVER_SERVES = (
    "escalations.",
    "requests.",
    "api_requests.",
    "files.",
    "linked_calls.link_call",
    "phone_calls.",
    "chat.",
    "callbacks.",
    "ringing.",
    "quarantine.",
    "reports.",
    "warnings.",
)
OWN = ("contact", "specialist", "administrator")


@pytest.fixture(scope="module")
def everything(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ground, Path]]:
    """The ground, and the file of its database."""
    folder = tmp_path_factory.mktemp("every_form")
    copy_sqlite(sqlite_template, folder / "attache.sqlite")
    with laid_out(folder) as found:
        yield found


def forms(ground: Ground) -> list[Rule]:
    """All that browsers can send; what programs send is signed (tests/desk/phone/test_webhooks.py)."""
    return [
        rule
        for rule in ground.app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and not rule.rule.startswith("/api/")
        and getattr(ground.app.view_functions[rule.endpoint], "guard", ()) != ("signed",)
    ]


def kept(database: Path, columns: set[str] | None = None) -> dict[str, list[tuple[object, ...]]]:
    """All rows, or these columns of them, by table; without counts and when browsers were last seen."""
    with sqlite3.connect(database) as link:
        names = [name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for name in names:
            known = [row[1] for row in link.execute(f'PRAGMA table_info("{name}")')]
            wanted = [one for one in known if one != "last_seen_at" and (columns is None or one in columns)]
            listed = ", ".join(f'"{one}"' for one in wanted)
            if wanted and name != "rate_count":
                found[name] = sorted(link.execute(f'SELECT {listed} FROM "{name}"'), key=repr)  # noqa: S608
    return found


def test_requirement_27_without_its_token_no_form_writes_anything(everything: tuple[Ground, Path]) -> None:
    ground, database = everything
    before, taken = kept(database), []
    ground.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for rule in forms(ground):
            for who in OWN:
                if ask(ground, ground.client(who), who, rule, "POST").status_code != 400:
                    taken.append(f"{rule.endpoint} by {who}")
    finally:
        ground.app.config["WTF_CSRF_ENABLED"] = False
    assert not taken, rows(taken)
    assert kept(database) == before and len(forms(ground)) > 60


def sent_with(ground: Ground, database: Path, who: str, rule: Rule, **beside: str) -> object:
    """What stands in the columns that matter after a form was sent with fields beside it; None if refused."""
    body = BODIES.get(rule.endpoint, lambda _: {})(ground)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(BODIES, rule.endpoint, lambda _: beside | body)
        answer = ask(ground, ground.client(who), who, rule, "POST")
    return kept(database, set(FORGED) - {"id", "public_id"}) if answer.status_code < 400 else None


def test_requirement_14_no_form_takes_what_it_does_not_ask_for(everything: tuple[Ground, Path]) -> None:
    ground, database = everything
    changed, sent = [], 0
    with restored(database) as restore:
        for rule in forms(ground):
            for who in OWN:
                meant = sent_with(ground, database, who, rule)
                restore()
                if meant is None:
                    continue
                if sent_with(ground, database, who, rule, **FORGED) != meant:
                    changed.append(f"{rule.endpoint} by {who}")
                restore()
                sent += 1
                break
    assert not changed, rows(changed)
    assert sent > 60


def test_a_field_that_a_form_does_take_is_seen(everything: tuple[Ground, Path]) -> None:
    ground, database = everything
    (rule,) = [rule for rule in forms(ground) if rule.endpoint == "admin.switch_person"]
    before = kept(database, {"is_active"})
    with restored(database) as restore:
        ask(ground, ground.client("administrator"), "administrator", rule, "POST")
        after = kept(database, {"is_active"})
        restore()
    assert before["user"] != after["user"] and before == kept(database, {"is_active"})


def as_rita(ground: Ground, database: Path) -> tuple[dict[str, int], list[str]]:
    """How Rita is answered by every route, and which answers name Sam's company or its contact."""
    statuses, naming = {}, []
    with restored(database) as restore:
        for rule in ground.app.url_map.iter_rules():
            if rule.endpoint in OF_LIBRARIES or rule.endpoint.startswith("demo."):
                continue
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                answer = ask(ground, ground.client("other_specialist"), "other_specialist", rule, method)
                statuses[f"{method} {rule.endpoint}"] = answer.status_code
                if any(name in answer.text for name in ("Nordwind", ground.members["contact"].user.name)):
                    naming.append(f"{method} {rule.endpoint}")
                if method != "GET" and answer.status_code < 400:
                    restore()
    return statuses, naming


def test_requirement_13_standing_in_opens_nothing_of_whom_one_stands_in_for(
    everything: tuple[Ground, Path],
) -> None:
    ground, database = everything
    usual, today = as_rita(ground, database), clock.now().date()
    sam, rita = ground.members["specialist"].id, ground.members["other_specialist"].id
    leave = TimeOff(specialist_id=sam, uid="now", stand_in_id=rita, noticed_at=clock.now())
    leave.first_day, leave.last_day = today - timedelta(days=1), today + timedelta(days=3)
    with ground.app.app_context():
        db.session.add(leave)
        db.session.commit()
        serving = customers.serving(db.session(), ground.members["contact"].profile.company_id, today)
        assert serving.person.user_id == rita
    statuses, naming = as_rita(ground, database)
    opened = {route for route in statuses if statuses[route] != usual[0][route]} | set(naming)
    assert {route for route in opened if not route.split()[1].startswith(OF_WHOEVER_SERVES)} == set()
    assert "POST requests.answer" in opened and "GET requests.show" in opened
    assert usual[1] == []


def tries(ground: Ground) -> list[tuple[str, str, dict[str, str], str, str | None, list[str]]]:
    """Who sends which form with which fields; one more field, its own value if any, those of others."""
    people = {who: member.user.public_id for who, member in ground.members.items()}
    account, own, sams = calendars(ground)
    day, call = ground.ids["later"][:10], ground.call.public_id
    leave = {"first_day": "2030-01-07", "last_day": "2030-01-08", "title": "Leave"}
    hold = {"call_type": "product-support", "start": ground.ids["later"]}
    line = {"call_type": "product-support", "first": day, "last": day}
    choice = {"hours": "kept", "receives": str(own)}
    token = {"name": "Mine", "days": "30"}
    return [
        (
            "contact",
            "/book/hold",
            hold,
            "senior",
            "",
            [one for who, one in people.items() if "sen" not in who],
        ),
        ("other_contact", "/waiting", line, "moving", None, [call]),
        ("other_specialist", f"/calendars/{account}/choose", choice, "receives", str(own), [str(sams)]),
        (
            "other_specialist",
            f"/calendars/{account}/choose",
            choice,
            "hours",
            "kept",
            [f"calendar:{sams}"],
        ),
        ("other_specialist", "/hours/time-off", leave, "stand_in", people["specialist"], [people["contact"]]),
        ("other_specialist", "/hours/time-off", leave, "stand_in", "", [people["administrator"]]),
        ("contact", "/profile/tokens", token, "scopes", "book", ["admin"]),
        ("specialist", "/profile/tokens", token, "scopes", "read", ["admin"]),
    ]


def test_requirement_14_ids_of_others_in_fields_are_worth_nothing(everything: tuple[Ground, Path]) -> None:
    """Each form is taken with ids of one's own, and refused, with nothing written, with those of others."""
    ground, database = everything
    wrong = []
    with restored(database) as restore:
        before = kept(database)
        for who, path, fields, name, good, bad in tries(ground):
            for value in [*([] if good is None else [good]), *bad]:
                status = ground.client(who).post(path, data=fields | {name: value}).status_code
                is_written = kept(database) != before
                if (status < 400, is_written) != (value == good, value == good):
                    wrong.append(f"{status} {is_written} {who} {path} {name}={value}")
                restore()
    assert not wrong, rows(wrong)


def calendars(ground: Ground) -> tuple[int, int, int]:
    """Rita's account, her calendar, and Sam's calendar."""
    with ground.app.app_context():
        wanted = select(CalendarAccount.person_id, CalendarAccount.id, Calendar.id).join(Calendar)
        of = {person: (account, calendar) for person, account, calendar in db.session.execute(wanted)}
    account, own = of[ground.members["other_specialist"].id]
    return account, own, of[ground.members["specialist"].id][1]
