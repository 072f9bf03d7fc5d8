"""The pass over the mailbox: each message once, whatever the others do, and whoever else reads it."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.answers import jobs, service_intake
from app.booking.answers.jobs import answers_pass
from app.booking.answers.service_mailbox import mailbox_trouble
from app.config import Settings
from app.mail.incoming import LARGEST
from app.mail.models import IncomingMail
from tests.booking.answers.conftest import Post, open_post
from tests.fakes.mail_box import FakeMailbox
from tests.support.answers import answer_to, calendar_part, event, mail, message
from tests.support.databases import make_engine

SEEN, FOR_PEOPLE = {"\\Seen"}, {"\\Seen", "\\Flagged"}


@pytest.fixture
def post(session: Session, settings: Settings, fake_mailbox: FakeMailbox) -> Post:
    return open_post(session, settings)


def run(post: Post) -> None:
    answers_pass(post.session, post.settings, post.now)


def outcomes(post: Post) -> list[str]:
    post.session.rollback()
    return list(post.session.scalars(select(IncomingMail.outcome).order_by(IncomingMail.id)))


def declined(post: Post) -> bytes:
    return answer_to(post.invitation(), "DECLINED", stamped_at=post.now)


@pytest.mark.postgres
def test_an_answer_in_the_mailbox_has_its_effect_once(post: Post, fake_mailbox: FakeMailbox) -> None:
    post.invited()
    fake_mailbox.append(declined(post))
    for _ in range(2):
        run(post)
    assert post.partstats() == ["DECLINED"] and fake_mailbox.flags() == [SEEN]
    assert outcomes(post) == ["applied"] and post.kinds() == ["invitation", "decline_asked"]


def test_no_bad_message_stops_the_others(post: Post, fake_mailbox: FakeMailbox) -> None:
    post.invited()
    fake_mailbox.append(declined(post).replace(b"QkVHSU4", b"QkVH!!4"))
    fake_mailbox.append(b"Subject: big\r\n\r\n" + b"x" * (LARGEST + 1))
    fake_mailbox.append(b"\x00\xff")
    fake_mailbox.append(mail(message_id="<words@nordwind.example>"))
    fake_mailbox.append(mail(calendar_part(message(event(uid="a\x00b"))), message_id="<nul@x.example>"))
    fake_mailbox.append(declined(post))
    run(post)
    assert outcomes(post) == ["unreadable", "too_large", "words", "words", "unknown", "applied"]
    assert fake_mailbox.flags() == [FOR_PEOPLE] * 4 + [SEEN] * 2


def test_what_the_server_does_not_give_out_stops_nothing(post: Post, fake_mailbox: FakeMailbox) -> None:
    post.invited()
    for content in (mail(), b"", declined(post)):
        fake_mailbox.append(content)
    fake_mailbox.damaged = {11}
    run(post)
    assert fake_mailbox.flags() == [set(), SEEN, SEEN] and outcomes(post) == ["applied"]


def test_of_a_message_that_is_too_large_only_its_head_is_fetched(
    post: Post, fake_mailbox: FakeMailbox
) -> None:
    fake_mailbox.append(b"Message-ID: <a@b>\r\n\r\n" + b"x" * (LARGEST + 1))
    run(post)
    assert [line for line in fake_mailbox.said if "BODY" in line] == ["FETCH 11 (BODY.PEEK[]<0.65536>)"]


def test_what_is_not_committed_is_not_marked(
    post: Post, fake_mailbox: FakeMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.invited()
    fake_mailbox.append(declined(post))
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "take", _busy)
        run(post)
    assert fake_mailbox.flags() == [set()] and outcomes(post) == []
    run(post)
    assert fake_mailbox.flags() == [SEEN] and outcomes(post) == ["applied"]


def _busy(*_arguments: Any) -> None:
    raise jobs.Busy("the database is locked")


def test_a_mark_that_was_lost_is_made_up_for_without_a_second_effect(
    post: Post, fake_mailbox: FakeMailbox
) -> None:
    post.invited()
    fake_mailbox.append(declined(post))
    fake_mailbox.refuses = {"STORE"}
    run(post)
    assert fake_mailbox.flags() == [set()] and outcomes(post) == ["applied"]
    fake_mailbox.refuses = set()
    run(post)
    assert fake_mailbox.flags() == [SEEN] and outcomes(post) == ["applied"]
    assert post.kinds() == ["invitation", "decline_asked"]


def test_our_own_fault_is_kept_for_people_and_stops_nothing(
    post: Post, fake_mailbox: FakeMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.invited()
    fake_mailbox.append(declined(post))
    with monkeypatch.context() as broken:
        broken.setattr(service_intake, "judge", lambda *_arguments: 1 / 0)
        run(post)
    assert outcomes(post) == ["failed"] and fake_mailbox.flags() == [FOR_PEOPLE]
    assert post.partstats() == ["NEEDS-ACTION"]


def test_a_mailbox_that_cannot_be_read_is_told_and_left(
    post: Post, fake_mailbox: FakeMailbox, caplog: pytest.LogCaptureFixture
) -> None:
    fake_mailbox.refuses = {"LOGIN"}
    run(post)
    assert "answers to invitations were not read" in caplog.text and "secret" not in caplog.text


def test_since_when_it_cannot_be_read_is_known_until_it_can(post: Post, fake_mailbox: FakeMailbox) -> None:
    run(post)
    assert mailbox_trouble(post.session) is None
    began = post.now
    for _ in range(2):
        fake_mailbox.refuses = {"LOGIN"}
        run(post)
        post.now += timedelta(minutes=1)
        trouble = mailbox_trouble(post.session)
        assert trouble is not None and trouble.since == began
        assert trouble.detail.startswith("mailbox:") and "secret" not in trouble.detail
    fake_mailbox.refuses = set()
    run(post)
    assert mailbox_trouble(post.session) is None


def test_without_a_mailbox_nothing_is_read(post: Post, fake_mailbox: FakeMailbox, make_settings: Any) -> None:
    answers_pass(post.session, make_settings(IMAP_URL=""), post.now)
    assert fake_mailbox.said == []


@pytest.mark.postgres
def test_two_workers_at_once_give_each_answer_one_effect(
    post: Post, fake_mailbox: FakeMailbox, database_url: str
) -> None:
    post.invited()
    for _ in range(5):
        fake_mailbox.append(declined(post))
    post.session.rollback()

    def work() -> None:
        engine = make_engine(database_url)
        with Session(engine) as session:
            answers_pass(session, post.settings, post.now)
        engine.dispose()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert outcomes(post) == ["applied"] * 5 and fake_mailbox.flags() == [SEEN] * 5
    assert post.kinds() == ["invitation", "decline_asked"]
