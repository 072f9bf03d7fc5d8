"""With a telephony provider customers learn its number, and nowhere that of a specialist."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion, write_letter
from app.config import Settings
from app.customers.reaching import mail_to, number_to
from app.lib import clock
from tests.booking.made_up import call
from tests.desk.phone.provider import PHONE, SAM
from tests.pages.client import PageClient
from tests.world import World, build_world


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings(**PHONE)


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session, clock.now())


def digits(text: str) -> str:
    return "".join(text.replace("-", "").split())


@pytest.mark.parametrize("path", ["/", "/book", "/contact", "/contact.vcf"])
def test_no_page_shows_a_specialists_own_number(path: str, app: Flask, world: World) -> None:
    text = digits(PageClient(app, world.vera).client.get(path).get_data(as_text=True))
    assert SAM not in text
    assert path == "/book" or "+421220000000" in text.replace("/", "")


def test_a_letter_that_comes_too_late_to_change_the_call_neither(settings: Settings) -> None:
    held = call()
    assert held.specialist.phone
    letter = write_letter(held, Occasion(Kind.DECLINE_ASKED, at=held.start - timedelta(minutes=1)), settings)
    assert "It is too late to change this call here." in letter.text
    assert digits(held.specialist.phone) not in digits(letter.text)
    assert "+421220000000" in digits(letter.text)


def test_a_mailbox_that_is_read_stands_for_the_specialists_address(
    make_settings: Callable[..., Settings],
) -> None:
    own = make_settings()
    assert (mail_to(own, "sam@x.example"), number_to(own, "+421 2 1")) == ("sam@x.example", "+421 2 1")
    read = make_settings(IMAP_URL="imap://u:p@127.0.0.1:1143", DESK_ADDRESS="desk@x.example")
    assert mail_to(read, "sam@x.example") == "desk@x.example"
