"""Nobody whom a call counts on leaves their role, however it is asked for."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.accounts.models import User
from app.booking.values import CallValue
from app.customers.models import Assignment
from tests.accounts.browsing import change
from tests.world import World


@pytest.mark.parametrize("is_active", [True, False])
def test_a_call_ahead_keeps_the_role_by_command_of_the_disabled_too(
    app: Flask, world: World, book_call: Callable[[], CallValue], is_active: bool
) -> None:
    book_call()
    change(app, delete(Assignment))
    for member, role in ((world.vera, "administrator"), (world.sam, "administrator")):
        change(app, update(User).where(User.id == member.id).values(is_active=is_active))
        answer = app.test_cli_runner().invoke(args=["user", "role", member.email, role])
        assert "has calls ahead" in answer.output
