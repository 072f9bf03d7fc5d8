"""Requirements 31 to 38: the calendar server that a user names."""

import gzip
import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import lxml.etree
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.connecting.service_lookup import TooManyLookups, start_lookup
from app.calendars.errors import BadAnswer, CredentialsRefused, Moved
from app.calendars.models import CalendarAccount, CalendarLookup
from app.calendars.service_stores import open_password, place_of
from app.calendars.syncing.picture import Reader, place_all
from app.config import Settings
from app.ical.budget import MAX_OCCURRENCES
from app.lib.outbound import (
    AddressRefused,
    BadResponse,
    CertificateRefused,
    GuardedSession,
    NotReachable,
    Policy,
    target_of,
)
from app.lib.sealed import seal
from app.lib.sound_xml import check_xml
from tests.calendars.lookup_world import ask, view
from tests.calendars.odd_server import Told, calendar, moved, odd_server, serve
from tests.calendars.world import NOW
from tests.ical.values import WEEK, event
from tests.lib.test_outbound import OK, Scripted
from tests.lib.test_outbound_addresses import resolver
from tests.support.certificates import write_certificate

SPELLINGS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("0", "0.0.0.0", "localhost", "LOCALHOST", "10.0.0.1", "10.1", "167772161", "0xa000001", "012.0.0.1"),
    *("192.168.1.1", "0xc0a80101", "3232235777", "172.16.0.1", "169.254.169.254", "0xa9fea9fe", "2852039166"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:a00:1]", "[fd00::1]"),
    *("[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
]


def asked(url: str, policy: Policy, at: str = "") -> Any:
    return GuardedSession(url, "sam", "secret", policy).request("GET", at or url, b"", {})


@pytest.mark.parametrize("host", SPELLINGS)
def test_requirement_31_no_spelling_of_a_private_address_is_called(host: str) -> None:
    with pytest.raises(AddressRefused):
        asked(f"https://{host}/dav/", Policy())


def test_requirement_31_another_answer_of_the_resolver_is_checked_anew() -> None:
    resolve, names = resolver("169.254.169.254", "10.0.0.1")
    for _ in range(2):
        with pytest.raises(AddressRefused):
            asked("https://calendar.example/", Policy(resolve=resolve))
    assert names == ["calendar.example"] * 2


@pytest.mark.parametrize(
    "url", ["http://calendar.example/", "https://calendar.example:22/", "https://a:b@c.example/"]
)
def test_requirement_31_only_https_on_two_ports_and_without_a_user(url: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(url, Policy(allowed_origins=("http://127.0.0.1:5232",)))
    for port in (443, 8443):
        assert target_of(f"https://calendar.example:{port}/", Policy()).port == port


def test_requirement_32_redirects_and_hrefs_do_not_leave_the_origin() -> None:
    with odd_server() as server, odd_server() as other:
        server.answers["/"] = moved(f"{other.url}/")
        with pytest.raises(Moved):
            server.client("/", other.url).discover()
        server.answers.pop("/")
        serve(server, calendar(f"{other.url}/home/work/", "Work"))
        with pytest.raises(BadAnswer):
            server.client("/", other.url).discover()
        assert other.asked == []
    own = Scripted([b"HTTP/1.1 302 Found\r\nLocation: https://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"])
    assert asked(own.url, Policy(allowed_origins=(own.url,))).status_code == 302
    own.close()


def test_requirement_33_proxies_and_netrc_are_not_read_and_certificates_are_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login other password planted\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server = Scripted([OK])
    assert asked(server.url, Policy(allowed_origins=(server.url,))).content == b"ok"
    assert b"Basic c2FtOnNlY3JldA==" in server.requests[0]
    server.close()


def test_requirement_33_a_certificate_that_nobody_signed_is_refused(tmp_path: Any) -> None:
    from_nobody = tls_server(tmp_path)
    with odd_server(from_nobody) as server:
        url = server.url.replace("http://", "https://")
        with pytest.raises(CertificateRefused):
            asked(url, Policy(allowed_origins=(url,)))


def tls_server(folder: Any) -> Any:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    write_certificate(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_requirement_34_an_exchange_is_bounded_in_time_and_size() -> None:
    assert (Policy().seconds, Policy().limit) == (20, 8 << 20)
    head = b"HTTP/1.1 200 OK\r\n"
    packed = gzip.compress(b"ok")
    for answer, fault in (
        (head + b"Content-Length: 100\r\n\r\nx", NotReachable),
        (head + b"Content-Length: 8388609\r\n\r\n", BadResponse),
        (head + b"\r\n" + b"x" * 3000, BadResponse),
        (head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed, BadResponse),
    ):
        # With a second answer to give the server waits; without one it hangs up.
        server = Scripted([answer, b""] if fault is NotReachable else [answer])
        limit = 2000 if fault is BadResponse and b"8388609" not in answer else 8 << 20
        with pytest.raises(fault):
            asked(server.url, Policy(allowed_origins=(server.url,), seconds=0.5, limit=limit))
        server.close()


def test_requirement_35_no_dtd_no_entities_no_depth() -> None:
    assert lxml.etree.LXML_VERSION >= (6, 1)
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
    for body in (
        entity + b"<a>&x;</a>",
        b'<!DOCTYPE a [<!ENTITY l0 "ha">' + laughs + b"]><a>&l9;</a>",
        b"<a>" * 200_000 + b"</a>" * 200_000,
    ):
        with pytest.raises(BadResponse):
            check_xml(body)
        with odd_server() as server:
            server.answers["/"] = Told(207, body.decode(), {"Content-Type": "application/xml"})
            with pytest.raises(BadAnswer):
                server.client().discover()


def test_requirement_36_an_event_over_budget_is_named_and_stops_no_other() -> None:
    assert MAX_OCCURRENCES == 2_000
    times = ("DTSTART:20260324T090000Z", "DURATION:PT1H")
    costly = event(*times, "RRULE:FREQ=SECONDLY", "SUMMARY:Clock")
    sound = event(*times, "RRULE:FREQ=DAILY")
    over, other = place_all([costly, sound], WEEK, Reader("busy", "Europe/Berlin", frozenset()))
    assert over.problem == "Clock: too-many"
    # On record (decision 2): it blocks its first occurrence, and its owner is told.
    assert len(over.spans or ()) == 1
    assert (len(other.spans or ()), other.problem) == (6, "")


def test_requirement_37_a_look_tells_little_and_ten_an_hour_are_allowed(
    session: Session, make_settings: Callable[..., Settings]
) -> None:
    with odd_server() as server:
        settings = make_settings(CALDAV_ALLOWED_ORIGINS=server.url)
        server.answers["/"] = Told(200, "secret of the inside", {"X-Inside": "secret"})
        found = view(session, ask(session, settings, server.url))
        assert (found.state, found.reason) == ("failed", "not_caldav")
        assert "secret of" not in repr(found)
        person_id = session.scalars(select(CalendarLookup.person_id)).one()
        for _ in range(9):
            start_lookup(session, NOW, settings, person_id, server.url, "sam", "x")
        with pytest.raises(TooManyLookups) as caught:
            start_lookup(session, NOW + timedelta(minutes=1), settings, person_id, server.url, "sam", "x")
        assert caught.value.retry_after == 59 * 60


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("url", "https://other.example/"),
        ("username", "rita"),
        ("person_id", 2),
        ("url", "https://dav.example:8443/"),
    ],
)
def test_requirement_38_a_sealed_password_opens_for_its_account_alone(
    settings: Settings, column: str, value: Any
) -> None:
    account = CalendarAccount(person_id=1, url="https://dav.example/sam/", username="sam", kind="caldav")
    place_sealed = place_of(account.person_id, account.url, account.username)
    account.sealed_password = seal(settings.sealing_keys, "app password", *place_sealed)
    assert open_password(settings, account) == "app password"
    assert "app password" not in account.sealed_password
    setattr(account, column, value)
    with pytest.raises(CredentialsRefused):
        open_password(settings, account)
