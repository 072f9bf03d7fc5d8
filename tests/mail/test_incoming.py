"""What is read of a mail that came in, and what is not believed."""

import pytest

from app.mail.border import passed_dmarc
from app.mail.incoming import Incoming, read_mail
from tests.support.answers import calendar_part, event, mail, message, reply

TEXT = message(event())
VERA = "vera@nordwind.example"


def test_a_plain_answer_is_read_with_its_sender_and_its_calendar() -> None:
    read = read_mail(reply())
    assert (read.sender, read.subject) == (VERA, "Accepted: Product support")
    assert read.message_id == "<answer-1@nordwind.example>" and read.recipients == {"calls@attache.example"}
    assert [(part.method, part.text) for part in read.calendars] == [("REPLY", TEXT)]
    assert not (read.is_automatic or read.is_unreadable or read.is_authenticated)


def test_the_same_answer_as_part_and_as_file_is_one() -> None:
    both = mail(calendar_part(TEXT), calendar_part(TEXT, kind="file", method=""))
    assert [part.method for part in read_mail(both).calendars] == ["REPLY"]
    only_file = mail(calendar_part(TEXT, kind="file", method=""))
    assert [part.text for part in read_mail(only_file).calendars] == [TEXT]


@pytest.mark.parametrize("charset", ["iso-8859-1", "UTF-8", "windows-1252", "", "x-unknown"])
@pytest.mark.parametrize("encoding", ["base64", "8bit"])
def test_names_are_readable_in_the_charset_that_is_named(charset: str, encoding: str) -> None:
    text = message(event(parameters=";CN=Jürgen Größe"))
    known = charset if charset not in {"x-unknown", ""} else "utf-8"
    part = calendar_part(text, charset=known, encoding=encoding)
    named = part.replace(f"charset={known}".encode(), f"charset={charset}".encode() if charset else b"x=y")
    assert "Jürgen Größe" in read_mail(mail(named)).calendars[0].text


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "zlib", "base64", "unicode_escape"])
def test_what_is_no_charset_of_mails_is_not_used(charset: str) -> None:
    part = calendar_part(TEXT, encoding="8bit").replace(b"UTF-8", charset.encode())
    assert read_mail(mail(part)).calendars[0].text.strip() == TEXT.strip()


def test_damaged_base64_is_unreadable_and_not_guessed_at() -> None:
    read = read_mail(reply().replace(b"QkVHSU4", b"QkVH!!4"))
    assert read.is_unreadable and read.calendars == () and read.sender == VERA


def test_a_forwarded_message_holds_no_answer_of_its_sender() -> None:
    inside = b"Content-Type: message/rfc822\r\n\r\n" + reply().replace(b"part", b"inner")
    read = read_mail(mail(inside, kind="multipart/mixed"))
    assert read.calendars == () and not read.is_unreadable


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "auto-submitted: Auto-Notified; owner-email=x@y",
        "Precedence: bulk",
        "Return-Path: <>",
        "List-Id: <support.example>",
        "X-Autoreply: yes",
    ],
)
def test_what_no_person_sent_is_automatic(header: str) -> None:
    assert read_mail(mail(calendar_part(TEXT), headers=(header,))).is_automatic


def test_a_report_is_automatic_and_what_a_calendar_program_made_is_not() -> None:
    assert read_mail(mail(calendar_part(TEXT), kind="multipart/report")).is_automatic
    for header in ("Auto-Submitted: auto-generated", "Auto-Submitted: no", "Precedence: first-class"):
        assert not read_mail(mail(calendar_part(TEXT), headers=(header,))).is_automatic


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ('"vera@nordwind.example" <mallory@evil.example>', "mallory@evil.example"),
        ("=?utf-8?q?vera=40nordwind.example?= <mallory@evil.example>", "mallory@evil.example"),
        ("VERA@Nordwind.Example", VERA),
        ("Vera <vera@nordwind.example>, Mallory <mallory@evil.example>", ""),
        ("nobody", ""),
        ("", ""),
    ],
)
def test_the_address_alone_says_who_sent_it(sender: str, address: str) -> None:
    assert read_mail(mail(calendar_part(TEXT), sender=sender)).sender == address


def test_a_message_with_two_senders_is_from_nobody() -> None:
    assert read_mail(mail(calendar_part(TEXT), headers=("From: mallory@evil.example",))).sender == ""


def test_where_it_was_delivered_counts_as_a_recipient() -> None:
    lines = ("Delivered-To: calls+tag@attache.example", "X-Original-To: <Other@attache.example>")
    read = read_mail(mail(calendar_part(TEXT), headers=lines))
    assert read.recipients >= {"calls+tag@attache.example", "other@attache.example"}


RESULTS = "Authentication-Results: mx.attache.example; "
PASS = "dmarc=pass (p=none) header.from=nordwind.example"
OURS = f"{RESULTS}spf=pass; {PASS}"


@pytest.mark.parametrize(
    ("lines", "passed"),
    [
        ((OURS,), True),
        ((OURS.replace("mx.attache.example", "MX.attache.example 1"),), True),
        ((), False),
        ((OURS.replace("mx.attache.example", "mx.evil.example"),), False),
        ((OURS.replace("dmarc=pass", "dmarc=fail"),), False),
        ((OURS, OURS.replace("dmarc=pass", "dmarc=fail")), False),
        ((OURS.replace("=nordwind.example", "=evil.example"),), False),
        ((OURS.replace(" header.from=nordwind.example", ""),), False),
        ((f'{RESULTS}spf=fail "; {PASS}"',), False),
        ((f"{RESULTS}spf=fail (x; {PASS})",), False),
    ],
)  # fmt: skip
def test_only_our_own_border_says_that_a_sender_is_real(lines: tuple[str, ...], passed: bool) -> None:
    read = read_mail(mail(calendar_part(TEXT), headers=lines), "mx.attache.example")
    assert read.is_authenticated is passed


def test_without_a_border_of_ours_nothing_is_authenticated() -> None:
    assert not read_mail(mail(calendar_part(TEXT), headers=(OURS,))).is_authenticated
    assert not passed_dmarc(["; dmarc=pass header.from=nordwind.example"], "", VERA)


def _nested(depth: int) -> bytes:
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )
    return b"From: vera@nordwind.example\r\n" + parts + b"x\r\n" * 1000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00" * 100,
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        _nested(29),
        _nested(5000),
        b"From: " + b"a@b.example, " * 50_000,
        b"From: " + b"(" * 900_000,
        b"Content-Type: text/calendar; " + b'";' * 450_000 + b"\r\n\r\n",
        b"Content-Type: text/calendar; " + b'"' * 900_000,
        b"Subject: =?utf-8?b?!!!?=\r\nContent-Type: text/calendar; charset*=''%FF\r\n\r\nBEGIN",
        b"Content-Type: text/calendar\r\n\r\n" + b"(" * 500_000,
    ],
    ids=lambda content: f"{len(content)} bytes",
)
def test_nothing_hostile_raises(content: bytes) -> None:
    assert isinstance(read_mail(content, "mx.attache.example"), Incoming)
