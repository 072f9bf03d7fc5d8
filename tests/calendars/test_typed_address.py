"""What people type to say where their calendar is."""

import pytest

from app.calendars.connecting.typed_address import (
    BadAddress,
    TypedAddress,
    is_within,
    read_address,
    read_file_address,
    user_names,
)

LOCAL = ("http://127.0.0.1:5232",)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("https://dav.example/sam/", TypedAddress("https://dav.example/sam/")),
        (" dav.example ", TypedAddress("https://dav.example/", "dav.example")),
        ("https://dav.example", TypedAddress("https://dav.example/", "dav.example")),
        ("dav.example:8443/x", TypedAddress("https://dav.example:8443/x")),
        ("caldavs://dav.example/x", TypedAddress("https://dav.example/x")),
        ("Cloud.Example/remote.php/dav", TypedAddress("https://cloud.example/remote.php/dav")),
        ("https://dav.example/a b/ä#x", TypedAddress("https://dav.example/a%20b/%C3%A4")),
        ("https://dav.example/x?y=z", TypedAddress("https://dav.example/x")),
        ("dav.example/users/sam@x.example/", TypedAddress("https://dav.example/users/sam@x.example/")),
        ("127.0.0.1:5232/sam/", TypedAddress("http://127.0.0.1:5232/sam/")),
        ("http://127.0.0.1:5232", TypedAddress("http://127.0.0.1:5232/")),
        ("https://[2001:db8::1]:8443/x", TypedAddress("https://[2001:db8::1]:8443/x")),
    ],
)
def test_what_was_meant_is_understood(typed: str, expected: TypedAddress) -> None:
    assert read_address(typed, LOCAL) == expected


@pytest.mark.parametrize(
    ("typed", "host", "email"),
    [
        ("sam@attache.example", "attache.example", "sam@attache.example"),
        ("mailto:sam@Attache.Example", "attache.example", "sam@Attache.Example"),
        ("sam@bücher.example", "xn--bcher-kva.example", "sam@bücher.example"),
        ("календарь.example", "xn--80aaldxhp0a2i.example", ""),
    ],
)
def test_a_domain_is_looked_up_in_the_spelling_of_the_dns(typed: str, host: str, email: str) -> None:
    assert read_address(typed) == TypedAddress(f"https://{host}/", host, email)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("http://dav.example/", "http"),
        ("caldav://dav.example/", "http"),
        ("https://dav.example:80/", "port"),
        ("dav.example:5232", "port"),
        ("http://127.0.0.1:5233/", "http"),
        ("https://sam:secret@dav.example/", "credentials"),
        ("sam:secret@dav.example", "credentials"),
        ("webcal://dav.example/x.ics", "file"),
        ("ftp://dav.example/", "unreadable"),
        ("javascript:alert(1)", "unreadable"),
        ("my calendar", "unreadable"),
        ("https://dav example/", "unreadable"),
        ("https:///x", "unreadable"),
        ("https://-x.example/", "unreadable"),
        ("https://a..b/", "unreadable"),
        ("https://dav.example:99999/", "unreadable"),
        ("https://[::1/", "unreadable"),
        ("@attache.example", "unreadable"),
        ("sam@", "unreadable"),
        ("sam@localhost", "unreadable"),
        ("dav.example\\@evil.example", "unreadable"),
        ("dav.example\r\nHost: x", "unreadable"),
        ("https://dav.example/" + "x" * 500, "unreadable"),
        ("x" * 254 + ".example", "unreadable"),
    ],
)
def test_nonsense_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadAddress) as caught:
        read_address(typed, LOCAL)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("webcal://feeds.example/x.ics?token=a%2Fb", "https://feeds.example/x.ics?token=a%2Fb"),
        ("feeds.example/x.ics", "https://feeds.example/x.ics"),
        ("https://feeds.example/x.ics#now", "https://feeds.example/x.ics"),
        ("http://127.0.0.1:5232/x.ics", "http://127.0.0.1:5232/x.ics"),
    ],
)
def test_a_file_keeps_its_secret_query(typed: str, address: str) -> None:
    assert read_file_address(typed, LOCAL) == address


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("http://feeds.example/x", "http"), ("https://a:b@feeds.example/x", "credentials"), ("", "empty")],
)
def test_an_address_that_no_file_has_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(BadAddress) as caught:
        read_file_address(typed)
    assert caught.value.reason == reason


def test_user_names_are_tried_as_typed_or_from_the_address() -> None:
    assert user_names(" sam ", "sam@attache.example") == ("sam",)
    assert user_names("", "sam@attache.example") == ("sam@attache.example", "sam")


@pytest.mark.parametrize("typed", ["", "sam:x", "sa\0m", "s" * 300])
def test_a_user_name_that_cannot_be_sent_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress) as caught:
        user_names(typed, "")
    assert caught.value.reason == "username"


def test_a_host_is_within_a_domain_by_whole_labels() -> None:
    assert is_within("dav.attache.example", "attache.example")
    assert is_within("Attache.Example.", "attache.example")
    assert not is_within("evilattache.example", "attache.example")
    assert not is_within("attache.example.evil.test", "attache.example")
