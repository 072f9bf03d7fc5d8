"""Mail that came back: a line in the history of its call, and nothing else."""

import pytest
from sqlalchemy import select

from app.booking.values import CallValue
from app.invites.replies import Outcome
from app.mail.models import OutgoingMail
from tests.booking.answers.conftest import Post
from tests.support.answers import bounce


@pytest.fixture
def post(desk_of_post: Post) -> Post:
    return desk_of_post


def returned(post: Post, call: CallValue) -> list[tuple[str, str]]:
    return [fact for fact in post.facts(call) if fact[0] == "undelivered"]


@pytest.mark.postgres
def test_an_invitation_that_came_back_is_a_line_once_and_changes_nothing(post: Post) -> None:
    call = post.invited()
    number = str(post.invitation()["Message-ID"])
    assert post.take(bounce(number)) is Outcome.RETURNED
    assert returned(post, call) == [("undelivered", "Attaché")]
    assert post.take(bounce(number)) is Outcome.AUTOMATIC
    assert len(returned(post, call)) == 1
    assert post.now_of(call) == call and post.partstats() == ["NEEDS-ACTION"]
    assert post.kinds() == ["invitation"]


def test_a_report_about_no_mail_of_ours_is_like_any_automatic_mail(post: Post) -> None:
    call = post.invited()
    assert post.take(bounce("<made-up@attache.example>")) is Outcome.AUTOMATIC
    assert returned(post, call) == []
    post.session.rollback()
    assert post.session.scalars(select(OutgoingMail.detail)).all() == [""]
