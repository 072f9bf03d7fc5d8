"""What real servers do differently when an account is looked for."""

from collections.abc import Iterator

import pytest

from app.calendars.errors import BadAnswer, CalendarTrouble, CredentialsRefused, Moved, NoRight, NotReached
from app.calendars.values import FoundAvailability
from tests.calendars.odd_server import (
    OddServer,
    Told,
    calendar,
    home_is,
    members,
    moved,
    odd_server,
    principal_is,
    serve,
)

WORK = calendar("/home/work/", "Work")
AVAILABILITY = "BEGIN:VCALENDAR\nBEGIN:VAVAILABILITY\nEND:VAVAILABILITY\nEND:VCALENDAR"


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server() as running:
        yield running


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_well_known_redirects_keep_method_body_and_credentials(server: OddServer, status: int) -> None:
    serve(server)
    server.answers["/dav/"] = principal_is("/me/", "/dav/")
    del server.answers["/"]
    server.answers["/.well-known/caldav"] = moved("/dav/", status)
    found = server.client().discover()
    assert found.principal == "/me/"
    hop = next(asked for asked in server.asked if asked.path == "/dav/")
    assert (hop.method, hop.depth) == ("PROPFIND", "0")
    assert "current-user-principal" in hop.body
    assert hop.authorization.startswith("Basic ")


def test_relative_hrefs_are_read_from_where_they_stand(server: OddServer) -> None:
    server.answers = {
        "/dav/": principal_is("users/sam", "/dav/"),
        "/dav/users/sam": home_is("../calendars/sam", at="/dav/users/sam"),
        "/dav/calendars/sam": members(calendar("/dav/calendars/sam/work", "Work")),
    }
    found = server.client("/dav/").discover()
    assert found.homes == ("/dav/calendars/sam",)
    assert [item.href for item in found.calendars] == ["/dav/calendars/sam/work/"]


def test_a_home_that_wants_a_slash_at_its_end_is_followed_there(server: OddServer) -> None:
    serve(server)
    server.answers["/me/"] = home_is("/home")
    server.answers["/home"] = moved("/home/", 301)
    assert [item.name for item in server.client().discover().calendars] == ["Work"]


def test_another_origin_is_told_and_never_gets_the_password(server: OddServer) -> None:
    with odd_server() as other:
        serve(other)
        server.answers["/"] = moved(f"{other.url}/")
        with pytest.raises(Moved) as caught:
            server.client("/", other.url).discover()
        assert other.asked == []
    assert caught.value.address == f"{other.url}/"


def test_a_home_on_another_host_is_where_the_account_is(server: OddServer) -> None:
    serve(server)
    server.answers["/me/"] = home_is("https://p34-caldav.icloud.com:443/123/calendars/")
    with pytest.raises(Moved) as caught:
        server.client().discover()
    assert caught.value.address == "https://p34-caldav.icloud.com:443/123/calendars/"


def test_of_several_homes_those_of_the_server_are_read(server: OddServer) -> None:
    serve(server)
    server.answers["/me/"] = home_is("https://elsewhere.example/x/", "/home/", "/second/", "/gone/")
    server.answers["/second/"] = members(calendar("/second/team/", "Team"))
    assert [item.name for item in server.client().discover().calendars] == ["Work", "Team"]


def test_a_home_that_may_not_be_read_is_told(server: OddServer) -> None:
    serve(server)
    server.answers["/home/"] = Told(403)
    with pytest.raises(NoRight):
        server.client().discover()


def test_without_a_principal_the_address_itself_is_looked_at(server: OddServer) -> None:
    server.answers["/cal/"] = members(("/cal/", "<d:resourcetype><d:collection/></d:resourcetype>"))
    with pytest.raises(BadAnswer) as caught:
        server.client("/cal/").discover()
    assert caught.value.reason == "not_caldav"
    server.answers["/cal/"] = members(calendar("/cal/", "Only"))
    found = server.client("/cal/").discover()
    assert [(item.href, item.name) for item in found.calendars] == [("/cal/", "Only")]
    assert found.homes == ()


def test_scheduling_boxes_tasks_and_deleted_calendars_are_left_out(server: OddServer) -> None:
    tasks = '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>'
    serve(
        server,
        WORK,
        calendar("/home/.in/"),
        calendar("/home/.out/"),
        calendar("/home/inbox/", kind="<c:calendar/><c:schedule-inbox/>"),
        calendar("/home/outbox/", kind="<c:schedule-outbox/>"),
        calendar("/home/tasks/", more=tasks),
        calendar("/home/bin/", kind='<c:calendar/><n:deleted-calendar xmlns:n="http://nextcloud.com/ns"/>'),
    )
    assert [item.href for item in server.client().discover().calendars] == ["/home/work/"]


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("<c:calendar/>", "", (False, False)),
        ("<c:calendar/><cs:shared/>", "", (True, False)),
        ("<c:calendar/><cs:shared-owner/>", "<d:owner><d:href>/rita/</d:href></d:owner>", (False, False)),
        ("<c:calendar/>", "<d:owner><d:href>/rita/</d:href></d:owner>", (True, False)),
        ("<c:calendar/>", "<d:owner><d:href>/me</d:href></d:owner>", (False, False)),
        ("<c:calendar/>", "<oc:owner-principal>me</oc:owner-principal>", (False, False)),
        ("<c:calendar/>", "<oc:owner-principal>principals/rita</oc:owner-principal>", (True, False)),
        ("<c:calendar/><cs:subscribed/>", "", (False, True)),
    ],
)
def test_shared_and_subscribed_calendars_are_listed_as_such(
    server: OddServer, kind: str, more: str, expected: tuple[bool, bool]
) -> None:
    serve(server, calendar("/home/x/", "X", more, kind))
    (found,) = server.client().discover().calendars
    assert (found.is_shared, found.is_subscribed) == expected


def test_a_calendar_that_is_an_outbox_too_is_a_calendar(server: OddServer) -> None:
    serve(server, calendar("/home/personal/", "Personal", kind="<c:calendar/><c:schedule-outbox/>"))
    assert [item.name for item in server.client().discover().calendars] == ["Personal"]


def test_a_subscription_that_the_server_does_not_serve_tells_its_source(server: OddServer) -> None:
    source = "<cs:source><d:href>https://feeds.example/holidays.ics</d:href></cs:source>"
    serve(server, calendar("/home/holidays/", "Holidays", source, "<cs:subscribed/>"))
    (found,) = server.client().discover().calendars
    assert (found.holds_events, found.can_write) == (False, False)
    assert found.source == "https://feeds.example/holidays.ics"


@pytest.mark.parametrize(
    ("rights", "can_write"),
    [("", True), ("<d:read/>", False), ("<d:read/><d:bind/>", True), ("<d:all/>", True)],
)
def test_rights_are_what_the_server_says(server: OddServer, rights: str, can_write: bool) -> None:
    inside = f"<d:privilege>{rights}</d:privilege>" if rights else ""
    more = f"<d:current-user-privilege-set>{inside}</d:current-user-privilege-set>"
    serve(server, calendar("/home/x/", "X", more))
    assert server.client().discover().calendars[0].can_write is can_write


@pytest.mark.parametrize(
    ("more", "zone"),
    [
        ("<c:calendar-timezone-id>Asia/Almaty</c:calendar-timezone-id>", "Asia/Almaty"),
        (
            "<c:calendar-timezone>BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n"
            "END:VCALENDAR</c:calendar-timezone>",
            "Europe/Berlin",
        ),
        ("<c:calendar-timezone>TZID:W. Europe Standard Time\n</c:calendar-timezone>", "Europe/Berlin"),
        ("<c:calendar-timezone>TZID:Nowhere\n</c:calendar-timezone>", ""),
        ("", ""),
    ],
)
def test_the_zone_of_a_calendar_is_named_as_iana_does(server: OddServer, more: str, zone: str) -> None:
    serve(server, calendar("/home/x/", "X", more))
    assert server.client().discover().calendars[0].zone == zone


def test_addresses_without_mail_are_none(server: OddServer) -> None:
    spoken = "<d:href>mailto:Sam@Attache.example</d:href><d:href>/me/</d:href><d:href>urn:uuid:1</d:href>"
    serve(server, more=f"<c:calendar-user-address-set>{spoken}</c:calendar-user-address-set>")
    assert server.client().discover().addresses == ("sam@attache.example",)
    serve(server, more="<c:calendar-user-address-set><d:href>/me/</d:href></c:calendar-user-address-set>")
    assert server.client().discover().addresses == ()


def test_the_inbox_names_availability_and_the_default_calendar(server: OddServer) -> None:
    serve(
        server,
        WORK,
        calendar("/home/second/"),
        more="<c:schedule-inbox-URL><d:href>/inbox/</d:href></c:schedule-inbox-URL>",
    )
    default = (
        "<c:schedule-default-calendar-URL><d:href>/home/second</d:href></c:schedule-default-calendar-URL>"
    )
    text = f"<c:calendar-availability>{AVAILABILITY}</c:calendar-availability>"
    server.answers["/inbox/"] = members(("/inbox/", default + text))
    found = server.client().discover()
    assert found.availability == FoundAvailability("/inbox/", AVAILABILITY)
    assert found.availability_hrefs == ("/inbox/", "/home/", "/me/")
    assert found.default_href == "/home/second/"


def test_an_availability_without_content_is_none(server: OddServer) -> None:
    serve(server, more="<c:calendar-availability> </c:calendar-availability>")
    found = server.client().discover()
    assert found.availability is None
    assert found.availability_hrefs == ("/home/", "/me/")


def test_an_inbox_that_fails_takes_nothing_else_away(server: OddServer) -> None:
    serve(server, more="<c:schedule-inbox-URL><d:href>/inbox/</d:href></c:schedule-inbox-URL>")
    server.answers["/inbox/"] = Told(500)
    assert [item.name for item in server.client().discover().calendars] == ["Work"]


def test_a_collection_of_availabilities_is_listed_as_one_without_events(server: OddServer) -> None:
    kinds = '<c:comp name="VAVAILABILITY"/>'
    more = f"<c:supported-calendar-component-set>{kinds}</c:supported-calendar-component-set>"
    serve(server, calendar("/home/hours/", "Hours", more))
    assert server.client().discover().calendars[0].holds_events is False


@pytest.mark.parametrize(
    ("challenge", "reason"),
    [
        ('Bearer realm="https://accounts.google.com/"', "needs_oauth"),
        ('Digest realm="BaikalDAV", nonce="x"', "needs_digest"),
        ('Bearer realm="x", Basic realm="x"', "credentials"),
        ("", "credentials"),
    ],
)
def test_a_refusal_says_how_the_server_wants_people_to_sign_in(
    server: OddServer, challenge: str, reason: str
) -> None:
    server.answers["/"] = Told(401, "", {"WWW-Authenticate": challenge} if challenge else {})
    with pytest.raises(CalendarTrouble) as caught:
        server.client().discover()
    assert caught.value.reason == reason
    assert isinstance(caught.value, CredentialsRefused) == (reason == "credentials")


@pytest.mark.parametrize("status", [405, 501, 503])
def test_a_web_server_in_front_that_knows_no_propfind_is_passed_by(server: OddServer, status: int) -> None:
    serve(server)
    server.answers["/.well-known/caldav"] = principal_is("/me/", "/.well-known/caldav")
    server.answers["/"] = Told(status)
    assert server.client().discover().principal == "/me/"


PLACES = ("/", "/.well-known/caldav", "/SOGo/dav/", "/remote.php/dav/", "/caldav.php/", "/dav.php/", "/dav/")
PAGE = "<!doctype html><html><body>Not for this method<br></body></html>"


@pytest.mark.parametrize("status", [200, 400, 404, 405, 501])
def test_a_web_server_without_caldav_is_told_as_that(server: OddServer, status: int) -> None:
    server.answers = {path: Told(status, PAGE, {"Content-Type": "text/html"}) for path in PLACES}
    with pytest.raises(BadAnswer) as caught:
        server.client().discover()
    assert caught.value.reason == "not_caldav"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_fails_everywhere_is_down(server: OddServer, status: int) -> None:
    server.answers = {path: Told(status, PAGE, {"Content-Type": "text/html"}) for path in PLACES}
    with pytest.raises(NotReached):
        server.client().discover()
