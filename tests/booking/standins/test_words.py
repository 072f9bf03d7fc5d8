"""What a customer reads of who serves: the days and names as one would say them."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from app.booking.standing_page import standing_words
from app.customers.roster import Served
from tests.booking.made_up import SAM

RITA = replace(SAM, user_id=SAM.user_id + 1, name="Rita Weiss")
BEFORE, DAY, LATER = date(2027, 1, 12), date(2027, 1, 13), date(2027, 1, 15)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (Served(SAM, RITA, DAY), "On 13 January Rita stands in for Sam."),
        (Served(SAM, None, DAY), "On 13 January Sam is away. Nobody stands in."),
        (Served(SAM, RITA, LATER), "From 13 January until 15 January Rita stands in for Sam."),
        (Served(SAM, None, LATER), "From 13 January until 15 January Sam is away. Nobody stands in."),
    ],
)
def test_a_single_day_is_not_a_span(app: Flask, away: Served, words: str) -> None:
    with app.test_request_context():
        assert standing_words([Served(SAM, SAM, BEFORE), away], "en") == words


def test_nothing_is_said_while_nobody_is_away(app: Flask) -> None:
    with app.test_request_context():
        assert standing_words([Served(SAM, SAM)], "en") == ""
