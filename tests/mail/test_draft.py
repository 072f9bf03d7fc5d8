"""The message as it goes over the wire, read by the standard parser."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from app.mail.draft import CalendarPart, Draft, Party, new_message_id, to_bytes
from tests.support.mail import mail_text

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Звонок\r\nEND:VCALENDAR\r\n".encode()
DRAFT = Draft(
    sender=Party("calls@attache.example", 'Sam "the host", Осень'),
    recipient=Party("vera@nordwind.example", "Vera"),
    subject="Приглашение: call",
    text="Hello,\nсреда\n",
    html="<p>Hello</p>",
    language="ru",
    calendar=CalendarPart("REQUEST", ICS),
)


def parsed(draft: Draft = DRAFT, first_id: str = "") -> EmailMessage:
    message = message_from_bytes(to_bytes(draft, "<b@attache.example>", first_id, AT), policy=policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    return message


def shape(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_the_calendar_part_is_an_alternative_and_once_more_a_file() -> None:
    message = parsed()
    assert shape(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    inline, attached = list(message.walk())[4:]
    assert inline.get_param("method") == "REQUEST" and inline.get_content_charset() == "utf-8"
    assert inline.get_content_disposition() is None
    assert (attached.get_content_disposition(), attached.get_filename()) == ("attachment", "invite.ics")
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True) == ICS


def test_without_a_calendar_part_it_is_plain_and_html() -> None:
    assert shape(parsed(replace(DRAFT, calendar=None))) == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_names_texts_and_subject_come_back_as_they_were() -> None:
    message = parsed()
    assert message["From"].addresses[0].display_name == 'Sam "the host", Осень'
    assert message["Subject"] == "Приглашение: call"
    assert mail_text(message).splitlines() == ["Hello,", "среда"]


def test_updates_answer_the_first_mail_and_nobody_replies_automatically() -> None:
    first, update = parsed(), parsed(first_id="<a@attache.example>")
    assert first["In-Reply-To"] is None
    assert update["In-Reply-To"] == update["References"] == "<a@attache.example>"
    assert update["Message-ID"] == "<b@attache.example>" and update["Auto-Submitted"] == "auto-generated"


def test_the_same_arguments_give_the_same_bytes_in_seven_bits_and_crlf() -> None:
    once, again = (to_bytes(DRAFT, "<b@attache.example>", "", AT) for _ in range(2))
    assert once == again
    assert once.isascii() and once.replace(b"\r\n", b"").find(b"\n") == -1 and b"\r\r" not in once


@pytest.mark.parametrize(
    "word", ["=?utf-8?q?=0D=0ABcc:_all=40lynx.example?=", "=?utf-8?b?DQpCY2M6IGFAYg==?="]
)
def test_an_encoded_word_in_a_name_or_subject_is_not_decoded(word: str) -> None:
    message = parsed(replace(DRAFT, subject=word, sender=Party("calls@attache.example", word)))
    assert message["Bcc"] is None and message["Content-Language"] == "ru" and message.is_multipart()


@pytest.mark.parametrize("hostile", ["Sam\r\nBcc: all@lynx.example", "Sam\nSam", "Sam\x00"])
def test_no_name_or_subject_adds_a_header(hostile: str) -> None:
    draft = replace(DRAFT, subject=hostile, sender=Party("calls@attache.example", hostile))
    try:
        message = parsed(draft)
    except ValueError:
        return
    assert message["Bcc"] is None and len(message["To"].addresses) == 1


def test_a_recipient_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="."):
        to_bytes(replace(DRAFT, recipient=Party("a@b.example, c@d.example")), "<b@x>", "", AT)


def test_a_message_id_is_in_the_senders_domain() -> None:
    assert new_message_id("abc", "calls@attache.example") == "<abc@attache.example>"


def test_an_answer_names_its_mail_whatever_length_that_has() -> None:
    theirs = f"<{'A' * 80}@eurprd07.prod.outlook.example>"
    draft = replace(DRAFT, answers=theirs, reply_to="calls+1-x@attache.example", is_automatic_answer=True)
    content = to_bytes(draft, "<b@attache.example>", "<a@attache.example>", AT)
    assert f"In-Reply-To: {theirs}\r\n".encode() in content
    assert f"References: <a@attache.example>\r\n {theirs}\r\n".encode() in content
    message = message_from_bytes(content, policy=policy.default)
    assert message["Reply-To"] == "calls+1-x@attache.example"
    assert message["Auto-Submitted"] == "auto-replied"
