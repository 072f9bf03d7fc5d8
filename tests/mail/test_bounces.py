"""Which message a report says could not be delivered."""

from typing import Any

import pytest

from app.mail.incoming import read_mail
from tests.support.answers import bounce, mail

OURS = "<call-7@attache.example>"


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_failed_delivery_names_the_message_that_came_back(returned: str) -> None:
    read = read_mail(bounce(OURS, returned=returned))
    assert read.returned_id == OURS and read.is_automatic and read.calendars == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
        {"action": "failed", "status": "4.2.2"},
        {"report": "disposition-notification"},
        {"returned": "text/plain"},
    ],
    ids=["delayed", "delivered", "not for good", "a receipt", "without the message"],
)
def test_what_is_no_failure_for_good_names_none(changes: dict[str, Any]) -> None:
    assert read_mail(bounce(OURS, **changes)).returned_id == ""


def test_a_mail_that_only_speaks_of_one_names_none() -> None:
    assert read_mail(mail(b"Content-Type: text/plain\r\n\r\n" + bounce(OURS))).returned_id == ""


@pytest.mark.parametrize("odd", ["<" + "x" * 300 + "@y>", "<a\x00b@y>"])
def test_an_odd_message_id_names_none(odd: str) -> None:
    assert read_mail(bounce(odd)).returned_id == ""
