"""A calendar file by its address: asked for with conditions, believed with care, never taken for ours."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.errors import BadAnswer, CredentialsRefused, Doubtful, Gone, Moved, NoCalendar, NotReached
from app.calendars.jobs import sync_account, sync_person
from app.calendars.models import CalendarObject, CalendarSpan
from app.calendars.server.client_file import fetch_file, file_url, retry_after
from app.calendars.service import accounts_of, connect_subscription, objects_with_uid, open_store, picture
from app.calendars.values import CalendarView
from app.config import Settings
from app.lib.intervals import Interval
from tests.calendars.world import NOW, Connected, account_row, add_sam, ics

DAY = Interval(datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))
MORNING = Interval(datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))
EMPTY = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"


class FileServer:
    """Gives one file, as its fields say."""

    def __init__(self) -> None:
        self.text, self.etag, self.modified, self.status = "", "", "", 200
        self.headers: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                outer.asked.append({name.title(): value for name, value in self.headers.items()})
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.address = f"{self.url}/secret-0123/work.ics?key=abc"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        is_known = bool(self.etag) and handler.headers.get("If-None-Match") == self.etag
        is_old = bool(self.modified) and handler.headers.get("If-Modified-Since") == self.modified
        body = b"" if is_known or is_old else self.text.encode()
        handler.send_response(304 if (is_known or is_old) and self.status == 200 else self.status)
        named = {"ETag": self.etag, "Last-Modified": self.modified, "Content-Length": str(len(body))}
        for name, value in {**named, **self.headers}.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[FileServer]:
    running = FileServer()
    yield running
    running.close()


@pytest.fixture
def allowing(make_settings: Callable[..., Settings], server: FileServer) -> Settings:
    return make_settings(CALDAV_ALLOWED_ORIGINS=server.url)


@pytest.fixture
def sam(session: Session, allowing: Settings, server: FileServer) -> Connected:
    """Sam with a subscription, in step, with one event."""
    person = add_sam(session)
    server.text = ics("a")
    account = connect_subscription(session, NOW, allowing, person.id, server.address, "Team")
    session.commit()
    sam = Connected(person.id, account.id)
    sync_account(session, allowing, NOW, sam.account_id)
    server.asked.clear()
    return sam


def view(session: Session, sam: Connected) -> CalendarView:
    found = picture(session, sam.person_id, DAY)
    assert found is not None
    return found


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.postgres
def test_its_events_are_busy_and_its_address_stays_sealed(
    session: Session, server: FileServer, sam: Connected
) -> None:
    assert (tuple(view(session, sam).busy), view(session, sam).as_of) == ((MORNING,), NOW)
    (account,) = accounts_of(session, sam.person_id)
    assert (account.kind, account.name, account.state) == ("subscription", "Team", "ok")
    row = account_row(session, sam)
    assert "secret-0123" not in f"{row.url} {row.username} {row.sealed_password} {account}"


def test_no_credentials_are_sent_and_no_compression_is_asked_for(
    session: Session, allowing: Settings, server: FileServer, sam: Connected
) -> None:
    sync_account(session, allowing, at(5), sam.account_id)
    (asked,) = server.asked
    assert "Authorization" not in asked
    assert asked["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("field", "value", "header"),
    [
        ("etag", '"v1"', "If-None-Match"),
        ("modified", "Mon, 23 Nov 2026 08:00:00 GMT", "If-Modified-Since"),
    ],
)
def test_an_unchanged_file_is_one_conditional_request(
    session: Session,
    allowing: Settings,
    server: FileServer,
    sam: Connected,
    field: str,
    value: str,
    header: str,
) -> None:
    setattr(server, field, value)
    sync_account(session, allowing, at(5), sam.account_id)
    assert not sync_account(session, allowing, at(10), sam.account_id)
    assert server.asked[-1][header] == value
    assert view(session, sam).as_of == at(10)


def test_a_server_without_validators_changes_nothing_until_the_text_does(
    session: Session, allowing: Settings, server: FileServer, sam: Connected
) -> None:
    assert not sync_account(session, allowing, at(5), sam.account_id)
    server.text = ics("a", "20261124T110000Z", "20261124T120000Z")
    assert sync_account(session, allowing, at(10), sam.account_id)
    assert view(session, sam).busy[0].start.hour == 11


def test_it_is_looked_at_again_after_its_own_interval(
    session: Session, allowing: Settings, sam: Connected
) -> None:
    assert account_row(session, sam).next_sync_at == NOW + allowing.subscription_interval * 0.9


BROKEN = {
    "portal page": "<html><body>Please sign in</body></html>",
    "cut off": ics("b")[:-30],
    "nothing": "",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_calendar_changes_nothing_and_ages(
    session: Session, allowing: Settings, server: FileServer, sam: Connected, name: str
) -> None:
    server.text = BROKEN[name]
    with pytest.raises(BadAnswer):
        sync_account(session, allowing, at(5), sam.account_id)
    seen = view(session, sam)
    assert (tuple(seen.busy), seen.as_of, seen.state) == ((MORNING,), NOW, "broken")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, Moved),
        (302, Moved),
        (401, CredentialsRefused),
        (404, Gone),
        (503, NotReached),
        (429, NotReached),
    ],
)
def test_refusals_are_told_apart_and_no_redirect_is_followed(
    session: Session,
    allowing: Settings,
    server: FileServer,
    sam: Connected,
    status: int,
    error: type[Exception],
) -> None:
    server.status = status
    server.headers = {"Location": "http://169.254.169.254/latest"} if status < 400 else {}
    with pytest.raises(error):
        sync_account(session, allowing, at(5), sam.account_id)
    assert len(server.asked) == 1
    assert tuple(view(session, sam).busy) == (MORNING,)


def test_retry_after_is_obeyed(
    session: Session, allowing: Settings, server: FileServer, sam: Connected
) -> None:
    server.status, server.headers = 503, {"Retry-After": "600"}
    with pytest.raises(NotReached):
        sync_account(session, allowing, at(5), sam.account_id)
    assert account_row(session, sam).next_sync_at == at(15)


def test_a_pause_is_told_in_seconds_or_by_the_answers_own_clock() -> None:
    dates = {"Date": "Mon, 23 Nov 2026 08:00:00 GMT", "Retry-After": "Mon, 23 Nov 2026 08:02:00 GMT"}
    assert retry_after(dates) == timedelta(minutes=2)
    assert retry_after({"Retry-After": "99999999999"}) == timedelta(minutes=15)
    for odd in ({}, {"Retry-After": "soon"}, {"Retry-After": dates["Retry-After"]}, {"Retry-After": "-5"}):
        assert retry_after(odd) is None


def test_an_emptied_file_is_doubted_and_believed_when_it_stays_so(
    session: Session, allowing: Settings, server: FileServer, sam: Connected
) -> None:
    events = [ics(name).split("BEGIN:VEVENT")[1].split("END:VEVENT")[0] for name in "abc"]
    inside = "".join(f"BEGIN:VEVENT{event}END:VEVENT\r\n" for event in events)
    server.text = EMPTY.replace("END:VCALENDAR", f"{inside}END:VCALENDAR")
    sync_account(session, allowing, at(1), sam.account_id)
    server.text = EMPTY
    for minute in (2, 7):
        with pytest.raises(Doubtful):
            sync_account(session, allowing, at(minute), sam.account_id)
        assert tuple(view(session, sam).busy) == (MORNING,)
    assert sync_account(session, allowing, at(12), sam.account_id)
    assert (tuple(view(session, sam).busy), view(session, sam).state) == ((), "ok")


def test_a_published_copy_of_our_own_events_counts_nowhere(
    session: Session, allowing: Settings, server: FileServer, sam: Connected
) -> None:
    server.text = ics("attache-x")
    sync_account(session, allowing, at(5), sam.account_id)
    assert (tuple(view(session, sam).busy), view(session, sam).own) == ((), ())
    assert objects_with_uid(session, sam.person_id, "attache-x") == []
    assert session.scalars(select(CalendarSpan)).all() == []


def test_the_window_moves_on_over_an_unchanged_file(
    session: Session, allowing: Settings, server: FileServer, sam: Connected
) -> None:
    server.etag = '"v1"'
    sync_account(session, allowing, at(5), sam.account_id)
    later = NOW + timedelta(days=2)
    sync_account(session, allowing, later, sam.account_id)
    assert view(session, sam).covered.end == later + timedelta(days=70)
    assert session.scalars(select(CalendarObject.etag)).one() != ""


def test_a_subscription_takes_no_bookings_and_is_not_waited_for(
    session: Session, allowing: Settings, server: FileServer, sam: Connected
) -> None:
    with pytest.raises(NoCalendar):
        open_store(session, allowing, sam.person_id)
    with pytest.raises(NoCalendar):
        sync_person(session, allowing, at(5), sam.person_id)
    assert server.asked == []


def test_webcal_means_https() -> None:
    assert file_url(" webcal://example.org/a.ics ") == "https://example.org/a.ics"
    assert file_url("https://example.org/a.ics") == "https://example.org/a.ics"


def test_an_address_inside_is_never_called(settings: Settings) -> None:
    for address in (
        "http://example.org/a.ics",
        "https://127.0.0.1/a.ics",
        "webcal://10.0.0.1/a.ics",
        "file:///x",
    ):
        with pytest.raises(NotReached, match="address_refused"):
            fetch_file(settings, address)


def test_a_huge_file_is_refused(allowing: Settings, server: FileServer) -> None:
    server.text = EMPTY.replace("END:VCALENDAR", "X-X:" + "x" * (8 << 20) + "\r\nEND:VCALENDAR")
    with pytest.raises(BadAnswer, match="too_large"):
        fetch_file(allowing, server.address)
