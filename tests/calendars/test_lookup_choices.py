"""What is offered first after a look-up, and what may be chosen of it."""

from dataclasses import replace

import pytest

from app.calendars.connecting.file_facts import FileFacts, file_facts
from app.calendars.connecting.lookup_values import (
    BadChoice,
    Choices,
    HoursChoice,
    check_choices,
    default_choices,
    discovery_from_json,
    discovery_to_json,
    to_be_made,
)
from app.calendars.connecting.presets import PRESETS, preset_of, preset_of_domain
from app.calendars.connecting.typed_address import read_address
from app.calendars.values import Discovery, FoundAvailability, FoundCalendar

WORK = FoundCalendar("/sam/work/", "Work", can_write=True, zone="Europe/Berlin")
HOME = FoundCalendar("/sam/home/", "Home", can_write=True)
BIRTHDAYS = FoundCalendar("/sam/birthdays/", "Birthdays", can_write=False)
TEAM = FoundCalendar("/rita/team/", "Team", can_write=True, is_shared=True)
FEED = FoundCalendar("/sam/feed/", "Feed", can_write=False, is_subscribed=True, holds_events=False)
HOURS = FoundCalendar("/sam/hours/", "Arbeitszeit", can_write=True)
STANDING = FoundAvailability("/sam/inbox/", "BEGIN:VAVAILABILITY")
FOUND = Discovery(
    ("/sam/",), ("sam@attache.example",), (WORK, HOME, BIRTHDAYS, TEAM, FEED), default_href=HOME.href
)


def test_own_calendars_count_and_calls_go_where_the_server_would_put_them() -> None:
    choices = default_choices(FOUND)
    assert {href for href, purpose in choices.purposes.items() if purpose == "busy"} == {WORK.href, HOME.href}
    assert choices.receives_href == HOME.href
    check_choices(FOUND, choices)


def test_without_a_default_the_first_writable_takes_calls() -> None:
    assert default_choices(replace(FOUND, default_href="")).receives_href == WORK.href
    assert default_choices(replace(FOUND, default_href=TEAM.href)).receives_href == WORK.href


@pytest.mark.parametrize(
    ("found", "hours"),
    [
        (FOUND, HoursChoice("kept")),
        (replace(FOUND, calendars=(WORK, HOURS)), HoursChoice("calendar", HOURS.href)),
        (
            replace(FOUND, calendars=(HOURS, WORK), availability=STANDING),
            HoursChoice("property", STANDING.href),
        ),
        (
            replace(FOUND, calendars=(HOURS, replace(HOME, holds_events=False))),
            HoursChoice("calendar", HOME.href),
        ),
        (replace(FOUND, calendars=(WORK, replace(HOURS, is_shared=True))), HoursChoice("kept")),
    ],
    ids=["nowhere", "by name", "availability first", "made for it", "somebody else's"],
)
def test_hours_come_from_where_they_stand(found: Discovery, hours: HoursChoice) -> None:
    choices = default_choices(found)
    assert choices.hours == hours
    assert hours.href not in choices.purposes
    check_choices(found, choices)


def test_a_fresh_user_is_offered_a_new_calendar() -> None:
    choices = default_choices(replace(FOUND, calendars=()), "Calls")
    assert (choices.receives_href, choices.new_calendar) == (None, "Calls")
    check_choices(replace(FOUND, calendars=()), choices)
    assert to_be_made(FOUND, choices, "Ab-C_1") == [("/sam/calls-abc1/", "Calls", "calls")]


GOOD = Choices({WORK.href: "busy", HOME.href: "ignored"}, WORK.href, HoursChoice("kept"))


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        (replace(GOOD, purposes={"/rita/private/": "busy"}), "calendar"),
        (replace(GOOD, purposes={WORK.href: "working_hours"}), "purpose"),
        (replace(GOOD, purposes={WORK.href: "busy", FEED.href: "busy"}), "no_events"),
        (replace(GOOD, receives_href=HOME.href), "receives"),
        (replace(GOOD, receives_href="/rita/private/"), "receives"),
        (replace(GOOD, new_calendar="Calls"), "receives"),
        (
            replace(GOOD, purposes={BIRTHDAYS.href: "busy"}, receives_href=BIRTHDAYS.href),
            "no_right",
        ),
        (replace(GOOD, hours=HoursChoice("calendar", "/rita/private/")), "hours"),
        (replace(GOOD, hours=HoursChoice("calendar", WORK.href)), "receives"),
        (replace(GOOD, hours=HoursChoice("property", "/rita/inbox/")), "hours"),
        (replace(GOOD, hours=HoursChoice("new_calendar", "")), "hours"),
        (replace(GOOD, hours=HoursChoice("else")), "hours"),
    ],
)
def test_choices_speak_of_what_was_found_alone(choices: Choices, reason: str) -> None:
    with pytest.raises(BadChoice) as caught:
        check_choices(FOUND, choices)
    assert caught.value.reason == reason


def test_calendars_are_made_only_where_there_is_a_home() -> None:
    with pytest.raises(BadChoice) as caught:
        check_choices(replace(FOUND, homes=()), replace(GOOD, hours=HoursChoice("new_calendar", "Hours")))
    assert caught.value.reason == "no_home"


def test_what_was_found_survives_as_json() -> None:
    whole = replace(FOUND, availability=STANDING, availability_hrefs=("/sam/inbox/",), principal="/me/")
    assert discovery_from_json(discovery_to_json(whole)) == whole
    assert discovery_from_json(discovery_to_json(FOUND)) == FOUND


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Holi\r\n days\\, all\r\nEND:VCALENDAR",
            FileFacts("Holidays, all", 0),
        ),
        (
            "BEGIN:VCALENDAR\nNAME;LANGUAGE=en:Team\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR",
            FileFacts("Team", 1),
        ),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nNAME:not this\nEND:VEVENT\nEND:VCALENDAR", FileFacts("", 1)),
        ("BEGIN:VCALENDAR\nX-WR-CALNAME:a\u202eb\nEND:VCALENDAR", FileFacts("a b", 0)),
    ],
)
def test_a_file_says_its_name_and_size(text: str, facts: FileFacts) -> None:
    assert file_facts(text) == facts


def test_fixed_addresses_of_providers_can_be_asked() -> None:
    for preset in PRESETS:
        address = preset.address or preset.pattern
        assert read_address(address).url == address


def test_providers_are_known_by_key_and_mail_domain() -> None:
    assert preset_of("posteo") is preset_of_domain("Posteo.net")
    assert preset_of("nothing") is None
    assert preset_of_domain("attache.example") is None
    google = preset_of_domain("gmail.com")
    assert google is not None
    assert not google.is_usable
