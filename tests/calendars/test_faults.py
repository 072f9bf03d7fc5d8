"""A real server behind a proxy that misbehaves: the sync never believes a broken answer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.calendars.errors import BadAnswer, CalendarTrouble, CredentialsRefused, Doubtful, NotReached
from app.calendars.jobs import sync_account
from app.calendars.server.client import CalDavClient
from app.calendars.server.writing import put_changed, put_new, remove
from app.calendars.service import picture
from app.config import Settings
from app.lib.intervals import Interval
from app.lib.outbound import Policy
from tests.calendars.world import NOW, WORK, Connected, account_row, connect_sam, ics
from tests.support.radicale import Radicale
from tests.support.tools.faultproxy import FaultProxyThread

DAY = Interval(datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))
BUSY = (Interval(datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)),)
SOON = NOW + timedelta(minutes=1)
A = WORK + "a.ics"


@pytest.fixture
def proxy(radicale: Radicale) -> Iterator[FaultProxyThread]:
    with FaultProxyThread(radicale.url) as running:
        yield running


@pytest.fixture
def proxied(make_settings: Callable[..., Settings], proxy: FaultProxyThread) -> Settings:
    return make_settings(CALDAV_ALLOWED_ORIGINS=proxy.url)


@pytest.fixture
def sam(session: Session, proxied: Settings, radicale: Radicale, proxy: FaultProxyThread) -> Connected:
    """Sam in step with her server, with one event."""
    radicale.make_calendar("sam", "work")
    radicale.put(A, ics("a"))
    sam = connect_sam(session, proxied, proxy.url + "/sam/", hours=False)
    sync_account(session, proxied, NOW, sam.account_id)
    proxy.clear_log()
    return sam


def busy(session: Session, sam: Connected) -> tuple[Interval, ...]:
    view = picture(session, sam.person_id, DAY)
    assert view is not None
    return tuple(view.busy)


def test_an_unchanged_account_is_one_report(
    session: Session, proxied: Settings, proxy: FaultProxyThread, sam: Connected
) -> None:
    assert not sync_account(session, proxied, SOON, sam.account_id)
    assert [entry["method"] for entry in proxy.log()] == ["REPORT"]


BROKEN: dict[str, dict[str, Any]] = {
    "cut XML": {"fault": "truncate", "fraction": 0.6, "how": "clean"},
    "cut off": {"fault": "truncate", "fraction": 0.6},
    "cut by reset": {"fault": "truncate", "fraction": 0.6, "how": "rst"},
    "bad UTF-8": {"fault": "corrupt", "how": "utf8"},
    "garbage": {"fault": "corrupt", "how": "garbage"},
    "portal page": {"fault": "corrupt", "how": "html"},
    "nothing": {"fault": "corrupt", "how": "empty"},
    "XXE": {"fault": "corrupt", "how": "xxe"},
    "laughs": {"fault": "corrupt", "how": "laughs"},
    "deep": {"fault": "corrupt", "how": "deep"},
    "gzip bomb": {"fault": "gzip_bomb", "mb": 30},
    "huge": {"fault": "huge", "mb": 30},
    "headers": {"fault": "header_bomb"},
    "not HTTP": {"fault": "raw", "data": "hello\r\n\r\n"},
    "503": {"fault": "status", "code": 503},
    "418": {"fault": "status", "code": 418},
    "reset": {"fault": "reset"},
    "closed": {"fault": "close"},
    "redirect": {"fault": "redirect", "location": "http://169.254.169.254/"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_changes_nothing_and_is_told(
    session: Session,
    proxied: Settings,
    radicale: Radicale,
    proxy: FaultProxyThread,
    sam: Connected,
    name: str,
) -> None:
    radicale.put(WORK + "b.ics", ics("b", "20261124T110000Z", "20261124T120000Z"))
    radicale.delete(A)
    proxy.add(**BROKEN[name])
    with pytest.raises((NotReached, BadAnswer)):
        sync_account(session, proxied, SOON, sam.account_id)
    assert busy(session, sam) == BUSY
    account = account_row(session, sam)
    assert account.state in {"unreachable", "broken"}
    assert (account.state_since, account.in_step_at) == (SOON, NOW)
    assert SOON < account.next_sync_at <= SOON + timedelta(minutes=1)
    proxy.clear()
    sync_account(session, proxied, account.next_sync_at, sam.account_id)
    assert account_row(session, sam).state == "ok"
    assert busy(session, sam) != BUSY


@pytest.mark.parametrize("code", [403, 409, 412, 500])
def test_a_refused_token_leads_to_a_full_comparison(
    session: Session,
    proxied: Settings,
    radicale: Radicale,
    proxy: FaultProxyThread,
    sam: Connected,
    code: int,
) -> None:
    radicale.delete(A)
    proxy.add(fault="status", code=code, method="REPORT", body="sync-collection")
    sync_account(session, proxied, SOON, sam.account_id)
    assert busy(session, sam) == ()


def test_a_server_down_is_told_and_tried_again_within_a_minute(
    session: Session, proxied: Settings, proxy: FaultProxyThread, sam: Connected
) -> None:
    proxy.listen(False)
    moment = SOON
    for _ in range(6):
        with pytest.raises(NotReached):
            sync_account(session, proxied, moment, sam.account_id)
        account = account_row(session, sam)
        assert account.next_sync_at <= moment + timedelta(minutes=1)
        moment = account.next_sync_at
    assert (account.state, account.state_since) == ("unreachable", SOON)
    proxy.listen(True)
    sync_account(session, proxied, moment, sam.account_id)
    account = account_row(session, sam)
    assert (account.state, account.failures, account.in_step_at) == ("ok", 0, moment)


def test_retry_after_is_obeyed(
    session: Session, proxied: Settings, proxy: FaultProxyThread, sam: Connected
) -> None:
    proxy.add(fault="status", code=503, headers={"Retry-After": "600"})
    with pytest.raises(NotReached):
        sync_account(session, proxied, SOON, sam.account_id)
    assert account_row(session, sam).next_sync_at == SOON + timedelta(minutes=10)


def test_an_unauthorized_answer_pauses_the_account(
    session: Session, proxied: Settings, proxy: FaultProxyThread, sam: Connected
) -> None:
    proxy.add(fault="status", preset="unauthorized")
    for _ in range(3):
        with pytest.raises(CredentialsRefused):
            sync_account(session, proxied, SOON, sam.account_id)
    assert len(proxy.log()) == 1
    assert busy(session, sam) == BUSY


def test_a_calendar_answered_with_404_is_doubted(
    session: Session, proxied: Settings, proxy: FaultProxyThread, sam: Connected
) -> None:
    proxy.add(fault="status", preset="gone")
    with pytest.raises(Doubtful):
        sync_account(session, proxied, SOON, sam.account_id)
    assert busy(session, sam) == BUSY


def test_a_foreign_href_in_an_answer_is_not_followed(
    session: Session, proxied: Settings, radicale: Radicale, proxy: FaultProxyThread, sam: Connected
) -> None:
    radicale.put(WORK + "b.ics", ics("b"))
    proxy.add(fault="replace", pattern="<href>/sam", **{"with": "<href>http://169.254.169.254/sam"})
    with pytest.raises(BadAnswer):
        sync_account(session, proxied, SOON, sam.account_id)
    assert len(proxy.log()) == 1


HOSTILE = ("rrule_secondly", "rrule_old", "rrule_never", "rrule_count", "rdate_many")
HOSTILE += ("markup", "control", "bidi", "negative", "century")


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_hostile_object_does_not_stop_the_sync(
    session: Session,
    proxied: Settings,
    radicale: Radicale,
    proxy: FaultProxyThread,
    sam: Connected,
    payload: str,
) -> None:
    radicale.put(WORK + "b.ics", ics("b"))
    proxy.add(fault="ics", payload=payload)
    assert sync_account(session, proxied, SOON, sam.account_id)
    assert account_row(session, sam).state == "ok"


@pytest.fixture
def client(radicale: Radicale, proxy: FaultProxyThread) -> Iterator[CalDavClient]:
    radicale.make_calendar("sam", "work")
    policy = Policy(allowed_origins=(proxy.url,), seconds=0.5)
    client = CalDavClient(proxy.url + "/sam/", "sam", "sam-secret", policy)
    yield client
    client.close()


def is_a(text: str) -> bool:
    return "UID:a" in text and "20261124T090000Z" in text


UNCLEAR: dict[str, dict[str, Any]] = {
    "reset before": {"fault": "reset", "phase": "before"},
    "reset after": {"fault": "reset", "phase": "after"},
    "500 before": {"fault": "status", "code": 500, "phase": "before"},
    "500 after": {"fault": "status", "code": 500, "phase": "after"},
    "hang before": {"fault": "hang", "phase": "before"},
    "hang after": {"fault": "hang", "phase": "after"},
    "no etag": {"fault": "headers", "remove": ["ETag"]},
    "weak etag": {"fault": "headers", "set": {"ETag": 'W/"x"'}},
    "sent twice": {"fault": "duplicate"},
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_an_unclear_create_ends_with_one_event(
    radicale: Radicale, proxy: FaultProxyThread, client: CalDavClient, name: str
) -> None:
    proxy.add(method="PUT", times=1, **UNCLEAR[name])
    etag = put_new(client, A, ics("a"), is_a)
    assert radicale.paths(WORK) == [A]
    stored = client.get(A)
    assert stored is not None
    assert stored.etag == etag


@pytest.mark.parametrize("name", UNCLEAR)
def test_an_unclear_change_is_made_once(
    radicale: Radicale, proxy: FaultProxyThread, client: CalDavClient, name: str
) -> None:
    old = radicale.put(A, ics("a", "20261124T110000Z", "20261124T120000Z"))
    proxy.add(method="PUT", times=1, **UNCLEAR[name])
    etag = put_changed(client, A, ics("a"), old, is_a)
    stored = client.get(A)
    assert stored is not None
    assert (stored.etag, is_a(stored.text)) == (etag, True)


@pytest.mark.parametrize("name", [name for name in UNCLEAR if "etag" not in name])
def test_an_unclear_removal_ends_without_the_event(
    radicale: Radicale, proxy: FaultProxyThread, client: CalDavClient, name: str
) -> None:
    etag = radicale.put(A, ics("a"))
    proxy.add(method="DELETE", times=1, **UNCLEAR[name])
    remove(client, A, etag)
    assert radicale.paths(WORK) == []


@pytest.mark.parametrize("code", [413, 507, 423])
def test_a_full_or_locked_calendar_is_told(proxy: FaultProxyThread, client: CalDavClient, code: int) -> None:
    proxy.add(fault="status", code=code, method="PUT")
    with pytest.raises(CalendarTrouble) as caught:
        put_new(client, A, ics("a"), is_a)
    assert caught.value.reason in {"too_large", "quota", "locked"}
