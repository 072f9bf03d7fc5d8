"""What a domain says in the DNS about its CalDAV server."""

import random
from collections import Counter

import dns.resolver
import pytest

from app.calendars.connecting.client_dns import Service, find_services
from tests.calendars.name_server import name_server

SRV = "_caldavs._tcp.attache.example."


def test_the_server_and_its_path_are_found() -> None:
    records = (SRV, "SRV", ["0 1 443 dav.attache.example."]), (SRV, "TXT", ['"path=/dav/"'])
    with name_server(*records) as resolver:
        (found,) = find_services("attache.example", resolver=resolver)
    assert found == Service("dav.attache.example", 443, "/dav/")
    assert found.url == "https://dav.attache.example/dav/"


def test_without_a_path_the_well_known_one_is_asked() -> None:
    with name_server((SRV, "SRV", ["0 1 8443 Dav.Attache.Example."])) as resolver:
        (found,) = find_services("attache.example.", resolver=resolver)
    assert found.url == "https://dav.attache.example:8443/.well-known/caldav"


@pytest.mark.parametrize(
    "text",
    ['"path=//evil.example/"', '"path=dav"', '"other=/dav/"', '"path=/a b"', '"path=/a?b"', '"path="'],
)
def test_a_path_that_is_none_is_left_out(text: str) -> None:
    with name_server((SRV, "SRV", ["0 1 443 dav.attache.example."]), (SRV, "TXT", [text])) as resolver:
        assert find_services("attache.example", resolver=resolver)[0].path == ""


def test_lower_priorities_come_first() -> None:
    records = ["20 9 443 third.example.", "10 0 443 first.example.", "15 0 443 second.example."]
    with name_server((SRV, "SRV", records)) as resolver:
        found = find_services("attache.example", resolver=resolver)
    assert [service.host for service in found] == ["first.example", "second.example", "third.example"]


def test_within_a_priority_the_weight_decides_how_often() -> None:
    records = ["0 90 443 often.example.", "0 10 443 seldom.example."]
    chance = random.Random(1)
    with name_server((SRV, "SRV", records)) as resolver:
        firsts = Counter(
            find_services("attache.example", resolver=resolver, chance=chance)[0].host for _ in range(100)
        )
    assert firsts["often.example"] > 75
    assert firsts["seldom.example"] > 2


def test_a_target_of_a_dot_means_not_offered() -> None:
    with name_server((SRV, "SRV", ["0 0 0 ."])) as resolver:
        assert find_services("attache.example", resolver=resolver) == ()


@pytest.mark.parametrize("mark", ["/x", "?", "#", ":443", "\\@x"])
def test_a_target_that_is_no_host_name_is_left_out(mark: str) -> None:
    # By its end it lies in the typed domain, and in a URL it would name evil.example.
    targets = [f"0 1 443 evil.example{mark}.attache.example.", "1 1 443 dav.attache.example."]
    with name_server((SRV, "SRV", targets)) as resolver:
        found = find_services("attache.example", resolver=resolver)
    assert [service.host for service in found] == ["dav.attache.example"]


def test_plain_caldav_is_not_asked_for() -> None:
    with name_server(("_caldav._tcp.attache.example.", "SRV", ["0 1 80 dav.attache.example."])) as resolver:
        assert find_services("attache.example", resolver=resolver) == ()


@pytest.mark.parametrize("domain", ["nowhere.example", "a" * 64 + ".example", "x" * 300, ""])
def test_an_unknown_or_impossible_domain_has_no_servers(domain: str) -> None:
    with name_server() as resolver:
        assert find_services(domain, resolver=resolver) == ()


def test_a_machine_without_name_servers_finds_none() -> None:
    resolver = dns.resolver.Resolver(configure=False)
    assert find_services("attache.example", resolver=resolver) == ()
