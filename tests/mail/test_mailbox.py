"""Reading the mailbox: what holds of the fake holds of a real Dovecot."""

from collections.abc import Callable

import pytest

from app.config import Settings
from app.mail.client_imap import open_mailbox
from app.mail.errors import NotFetched
from tests.fakes.mail_box import FakeMailbox
from tests.support.dovecot import Dovecot
from tests.support.ports import free_port

MAIL = b"From: vera@nordwind.example\r\nSubject: Hello\r\n\r\n" + b"words\r\n" * 100
MakeSettings = Callable[..., Settings]


@pytest.fixture(params=["fake_mailbox", "dovecot"])
def box(request: pytest.FixtureRequest) -> FakeMailbox | Dovecot:
    server: FakeMailbox | Dovecot = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def own_settings(box: FakeMailbox | Dovecot, make_settings: MakeSettings) -> Settings:
    return make_settings(IMAP_URL=box.url)


def test_an_empty_mailbox_has_nothing(own_settings: Settings) -> None:
    with open_mailbox(own_settings) as mailbox:
        assert mailbox.unread(50) == []


def test_the_oldest_come_first_and_no_more_than_wanted(
    box: FakeMailbox | Dovecot, own_settings: Settings
) -> None:
    for number in range(3):
        box.append(MAIL + str(number).encode() + b"\r\n")
    with open_mailbox(own_settings) as mailbox:
        found = mailbox.unread(2)
        assert len(found) == 2 and found == mailbox.unread(50)[:2]
        assert mailbox.content(found[0], 10_000).endswith(b"0\r\n")


def test_a_look_changes_nothing_and_takes_no_more_than_wanted(
    box: FakeMailbox | Dovecot, own_settings: Settings
) -> None:
    box.append(MAIL)
    with open_mailbox(own_settings) as mailbox:
        (uid,) = mailbox.unread(50)
        assert mailbox.size(uid) == len(MAIL)
        assert mailbox.content(uid, 10) == MAIL[:10]
        assert mailbox.content(uid, 10_000) == MAIL
    assert box.flags() == [set()]


def test_what_was_judged_is_not_unread_any_more(box: FakeMailbox | Dovecot, own_settings: Settings) -> None:
    for _ in range(2):
        box.append(MAIL)
    with open_mailbox(own_settings) as mailbox:
        first, second = mailbox.unread(50)
        mailbox.mark(first)
        mailbox.mark(second, for_people=True)
        assert mailbox.unread(50) == []
    assert box.flags() == [{"\\Seen"}, {"\\Seen", "\\Flagged"}]


def test_a_message_that_is_gone_is_empty(own_settings: Settings) -> None:
    with open_mailbox(own_settings) as mailbox:
        assert (mailbox.size("9999"), mailbox.content("9999", 10)) == (0, b"")


@pytest.mark.parametrize("change", [("secret", "wrong"), ("INBOX", "Nothing")])
def test_a_refusal_is_told_without_the_password(
    box: FakeMailbox | Dovecot, make_settings: MakeSettings, change: tuple[str, str]
) -> None:
    with pytest.raises(NotFetched) as refusal, open_mailbox(make_settings(IMAP_URL=box.url.replace(*change))):
        pass
    assert "secret" not in str(refusal.value) and "wrong" not in str(refusal.value)


def test_nobody_there_is_trouble_too(make_settings: MakeSettings) -> None:
    settings = make_settings(IMAP_URL=f"imap://u:p@127.0.0.1:{free_port()}")
    with pytest.raises(NotFetched, match="ConnectionRefused"), open_mailbox(settings):
        pass


def test_a_plain_server_gets_no_password_where_encryption_is_wanted(
    fake_mailbox: FakeMailbox, make_settings: MakeSettings
) -> None:
    for scheme in ("imaps", "imap+starttls"):
        url = fake_mailbox.url.replace("imap:", f"{scheme}:")
        with pytest.raises(NotFetched), open_mailbox(make_settings(IMAP_URL=url)):
            pass
    assert not any(line.startswith("LOGIN") for line in fake_mailbox.said)


def test_encrypted_links_are_verified(
    dovecot: Dovecot, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(MAIL)
    for url in dovecot.encrypted_urls:
        with monkeypatch.context() as trusting:
            trusting.setenv("SSL_CERT_FILE", str(dovecot.certificate))
            with open_mailbox(make_settings(IMAP_URL=url)) as mailbox:
                assert len(mailbox.unread(50)) == 1
        with (
            pytest.raises(NotFetched, match="SSLCertVerification"),
            open_mailbox(make_settings(IMAP_URL=url)),
        ):
            pass


def test_a_server_that_falls_silent_is_left(
    fake_mailbox: FakeMailbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.mail.client_imap._TOTAL_SECONDS", 0.2)
    fake_mailbox.hangs = "SEARCH"
    with pytest.raises(NotFetched), open_mailbox(settings) as mailbox:
        mailbox.unread(50)
