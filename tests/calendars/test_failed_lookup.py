"""Why a look-up finds nothing, and where it must not look without asking."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.calendars.connecting.client_lookup import locate
from app.calendars.connecting.typed_address import TypedAddress
from app.calendars.errors import BadAnswer, Moved, NotReached
from app.config import Settings
from tests.calendars.lookup_world import ask, view
from tests.calendars.name_server import name_server
from tests.calendars.odd_server import Told, odd_server, principal_is, serve
from tests.support.certificates import write_certificate


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told(200, "<html>"), "not_caldav"),
        (Told(401, "", {"WWW-Authenticate": "Bearer"}), "needs_oauth"),
        (Told(401), "credentials"),
        (Told(429, "", {"Retry-After": "0"}), "not_reached"),
    ],
)
def test_the_reason_of_a_failure_is_a_word_of_ours(
    session: Session, allowing: Callable[..., Settings], told: Told, reason: str
) -> None:
    with odd_server() as server:
        server.answers["/"] = told
        public_id = ask(session, allowing(server), server.url)
    found = view(session, public_id)
    assert (found.state, found.reason, found.discovery) == ("failed", reason, None)


def test_nobody_listening_fails(session: Session, allowing: Callable[..., Settings]) -> None:
    with odd_server() as server:
        settings = allowing(server)
    assert view(session, ask(session, settings, server.url)).reason == "not_reached"


def test_the_local_part_is_tried_after_the_whole_address(allowing: Callable[..., Settings]) -> None:
    with odd_server() as server:
        server.answers["/"] = Told(401)
        address = TypedAddress(f"{server.url}/", "", "sam@attache.example")
        with pytest.raises(Exception, match="credentials"):
            locate(allowing(server), address, ("sam@attache.example", "sam"), "x")
        assert len({asked.authorization for asked in server.asked}) == 2


def test_a_server_that_the_dns_names_elsewhere_is_confirmed_first(settings: Settings) -> None:
    record = ("_caldavs._tcp.attache.example.", "SRV", ["0 1 443 dav.provider.example."])
    address = TypedAddress("https://attache.example/", "attache.example", "sam@attache.example")
    with name_server(record) as resolver, pytest.raises(Moved) as caught:
        locate(settings, address, ("sam",), "x", resolver=resolver)
    assert caught.value.address == "https://dav.provider.example/.well-known/caldav"


def test_google_is_explained_without_asking_it(session: Session, settings: Settings) -> None:
    public_id = ask(session, settings, "sam@gmail.com", "")
    assert (view(session, public_id).state, view(session, public_id).reason) == ("failed", "needs_oauth")
    with pytest.raises(BadAnswer):
        locate(settings, TypedAddress("https://apidata.googleusercontent.com/caldav/v2/"), ("sam",), "x")


def test_a_server_that_the_dns_names_within_the_domain_is_asked_at_once(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    write_certificate(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with odd_server(context) as server:
        serve(server)
        server.answers["/dav/"] = principal_is("/me/", "/dav/")
        settings = make_settings(CALDAV_ALLOWED_ORIGINS=server.url, CALDAV_CA_FILE=str(certificate))
        name = "_caldavs._tcp.127.0.0.1."
        records = (
            (name, "SRV", [f"0 1 {server.url.rpartition(':')[2]} 127.0.0.1."]),
            (name, "TXT", ['"path=/dav/"']),
        )
        with name_server(*records) as resolver:
            address = TypedAddress("https://127.0.0.1/", "127.0.0.1", "sam@127.0.0.1")
            found = locate(settings, address, ("sam",), "secret", resolver=resolver)
    assert found.url == f"{server.url}/me/"
    assert server.asked[0].path == "/dav/"


def test_a_certificate_that_proves_nothing_is_the_reason(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    write_certificate(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with odd_server(context) as server, pytest.raises(NotReached) as caught:
        settings = make_settings(CALDAV_ALLOWED_ORIGINS=server.url)
        locate(settings, TypedAddress(f"{server.url}/"), ("sam",), "secret")
    assert caught.value.reason == "certificate"
    assert server.asked == []
