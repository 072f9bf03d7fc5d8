"""Rooms of video calls."""

import pytest

from app.booking.rooms import is_link, room_for


@pytest.mark.parametrize(
    ("link", "room"),
    [
        ("", "https://own.example/sam"),
        ("https://meet.example/fixed", "https://meet.example/fixed"),
        ("https://meet.example/{reference}/{id}#{id}", "https://meet.example/K7M/b1#b1"),
    ],
)
def test_a_room_is_the_specialists_own_a_fixed_one_or_made_from_a_template(link: str, room: str) -> None:
    assert room_for(link, "https://own.example/sam", reference="K7M", public_id="b1") == room


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example/a",
        "meet.example/a",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://meet.example/{name}",
        "https://meet.example/{reference",
        "https://meet.example/{}",
        "https://user:secret@meet.example/",
        "https://meet.example/a b",
        "https://meet.example/\u202e",
        'https://meet.example/">',
        "https://meet.example:port/",
    ],
)
def test_what_is_no_plain_https_address_is_refused(link: str) -> None:
    assert not is_link(link)


def test_templates_and_fixed_rooms_are_taken() -> None:
    for link in ("https://meet.example/{reference}", "https://meet.example:8443/room?id={id}"):
        assert is_link(link)
