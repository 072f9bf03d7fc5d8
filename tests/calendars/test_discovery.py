"""Finding calendars from what a person types."""

import pytest

from app.calendars.errors import BadAnswer, CredentialsRefused, Moved, NotReached
from app.calendars.server.client import CalDavClient
from app.calendars.server.hrefs import ForeignHref, canonical_path, parent
from app.lib.outbound import Policy
from tests.support.radicale import Radicale
from tests.support.tools.faultproxy import FaultProxyThread


def client_at(origin: str, path: str = "/", password: str = "sam-secret") -> CalDavClient:
    return CalDavClient(origin + path, "sam", password, Policy(allowed_origins=(origin,)))


@pytest.mark.parametrize("path", ["", "/", "/sam/", "/sam", "/nowhere/"])
def test_calendars_are_found_from_any_address_of_the_server(radicale: Radicale, path: str) -> None:
    radicale.make_calendar("sam", "work", "Work")
    found = client_at(radicale.url, path).discover()
    assert found.homes == ("/sam/",)
    assert [(item.href, item.name, item.can_write) for item in found.calendars] == [
        ("/sam/work/", "Work", True)
    ]


def test_a_fresh_user_has_no_calendar(radicale: Radicale) -> None:
    assert client_at(radicale.url).discover().calendars == ()


def test_wrong_credentials_are_told(radicale: Radicale) -> None:
    with pytest.raises(CredentialsRefused):
        client_at(radicale.url, password="wrong").discover()


@pytest.mark.parametrize("how", ["html", "garbage", "empty"])
def test_what_is_no_caldav_server_is_told_and_nothing_more(radicale: Radicale, how: str) -> None:
    with FaultProxyThread(radicale.url) as proxy:
        proxy.add(fault="corrupt", how=how)
        with pytest.raises(BadAnswer) as caught:
            client_at(proxy.url).discover()
    assert caught.value.reason == "not_caldav"


def test_a_redirect_within_the_origin_is_followed_with_method_and_body(radicale: Radicale) -> None:
    with FaultProxyThread(radicale.url) as proxy:
        proxy.add(fault="redirect", location="/sam/", path="^/start/$", code=301)
        found = client_at(proxy.url, "/start/").discover()
        assert [entry["method"] for entry in proxy.log()][:2] == ["PROPFIND", "PROPFIND"]
    assert found.homes == ("/sam/",)


@pytest.mark.parametrize("location", ["http://169.254.169.254/", "https://other.example/dav/", "ftp://x/"])
def test_a_redirect_to_elsewhere_is_told_and_not_followed(radicale: Radicale, location: str) -> None:
    with FaultProxyThread(radicale.url) as proxy:
        proxy.add(fault="redirect", location=location)
        with pytest.raises(Moved) as caught:
            client_at(proxy.url).discover()
        assert len(proxy.log()) == 1
    assert caught.value.address == location


def test_redirects_in_a_circle_end(radicale: Radicale) -> None:
    with FaultProxyThread(radicale.url) as proxy:
        proxy.add(fault="redirect", location="/round/")
        with pytest.raises(BadAnswer):
            client_at(proxy.url).discover()


def test_an_address_that_must_not_be_called_is_not_reached() -> None:
    with pytest.raises(NotReached) as caught:
        CalDavClient("http://10.0.0.1/dav/", "sam", "x", Policy())
    assert caught.value.reason == "address_refused"


BASE = "https://dav.example/sam/"


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/sam/work/", "/sam/work/"),
        ("https://dav.example:443/sam/a%20b.ics", "/sam/a%20b.ics"),
        ("/sam/a b.ics", "/sam/a%20b.ics"),
        ("/s%61m/%40x", "/sam/@x"),
        ("/sam/@x", "/sam/@x"),
        ("/sam/a%2Fb", "/sam/a%2Fb"),
        ("/sam/%C3%A9", "/sam/%C3%A9"),
        ("a.ics", "/sam/a.ics"),
    ],
)
def test_one_spelling_for_every_path(href: str, path: str) -> None:
    assert canonical_path(href, BASE) == path


@pytest.mark.parametrize(
    "href",
    [
        "https://other.example/sam/",
        "http://dav.example/sam/",
        "//other.example/sam/",
        "https://dav.example//other.example/sam/",
        "/.//other.example/sam/",
        "https://dav.example:8443/sam/",
        "/sam/%2e%2e/rita/",
        "/sam/a?b=c",
        "/" + "a" * 600,
        "mailto:sam@attache.example",
    ],
)
def test_hrefs_that_lead_elsewhere_are_refused(href: str) -> None:
    with pytest.raises(ForeignHref):
        canonical_path(href, BASE)


def test_the_collection_of_an_object() -> None:
    assert parent("/sam/work/a.ics") == "/sam/work/"
