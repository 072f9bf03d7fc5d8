"""Whole mails of the real world: what is read of them, and that nothing breaks the reader."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.mailbox.letter import Letter, read_letter
from app.desk.mailbox.markup import clean_html, text_of
from app.desk.values import MOST_TEXT

HOSTILE = """<html><head><title>t</title><style>p{color:red}</style></head><body onload="x()">
<p style="x">Hello <b>Sam</b></p><script>alert(1)</script><img src="https://t.example/p.gif" onerror="x()">
<a href="javascript:x()" onclick="x()">bad</a><a href="https://good.example/a?b=1">see</a>
<svg onload=x()><style>@import 'x'</style></svg><form action="https://x.example"><input></form>
<h1>Loud</h1><iframe src="x"></iframe></body></html>"""


def read(content: bytes) -> Letter:
    found = read_letter(content)
    assert found is not None
    return found


def mime(body: bytes, kind: str, *headers: str) -> bytes:
    head = "\r\n".join(["From: v@n.example", "MIME-Version: 1.0", f"Content-Type: {kind}", *headers])
    return head.encode() + b"\r\n\r\n" + body


def test_html_is_cleaned_of_all_that_acts_or_loads() -> None:
    html = read(mime(HOSTILE.encode(), "text/html; charset=utf-8")).html
    assert html.count("<a ") == 2 and 'href="https://good.example/a?b=1"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    for trace in ("script", "style", "img", "onclick", "onload", "svg", "form", "h1", "iframe"):
        assert trace not in html


def test_html_holds_no_sign_that_turns_its_words_round_or_that_a_database_refuses() -> None:
    body = "<p><b>a</b>\x00\x07&#x202e;fdp.exe\u2028</p>".encode()
    html = read(mime(body, "text/html; charset=utf-8")).html
    assert "fdp.exe" in html and not set(html) & set("\x00\x07\u202e\u2028")


def test_words_below_long_styles_are_read_and_what_is_cut_says_so() -> None:
    head = b"<html><head><style>" + b"p { margin: 0 }\n" * 9_000 + b"</style></head>"
    found = read(mime(head + b"<BODY><p>It <b>stops</b>.</p></BODY></html>", "text/html"))
    assert found.text == "It stops." and found.html == "<p>It <b>stops</b>.</p>"
    long = read(
        mime(b"<p>It <b>stops</b>.</p>" + b"<span class=x></span>" * 6_000 + b"<p>End</p>", "text/html")
    )
    assert long.text == "It stops. […]" and long.html == ""


def test_a_mail_of_html_alone_has_a_text() -> None:
    text = read(mime(HOSTILE.encode(), "text/html; charset=utf-8")).text
    assert text.startswith("Hello Sam") and "see (https://good.example/a?b=1)" in text
    assert "alert" not in text and "color" not in text


def test_blocks_become_lines_and_quotations_are_marked() -> None:
    html = "<div>One<br>two</div><ul><li>a</li><li>b</li></ul><blockquote><p>old</p>older</blockquote>"
    assert text_of(clean_html(html)).split("\n") == ["One", "two", "- a", "- b", "", "> old", ">", "> older"]


def test_html_that_repeats_something_is_not_kept_beside_the_text() -> None:
    message = EmailMessage()
    message.set_content("Yes.\n\nOn Mon, 30 Nov 2026, Sam <s@a.example> wrote:\n> Hi\n")
    message.add_alternative("<p><b>Yes.</b></p><blockquote>Hi</blockquote>", subtype="html")
    found = read(message.as_bytes())
    assert found.text == "Yes." and found.quoted.endswith("> Hi") and found.html == ""


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain; charset=koi8-r", "Привет".encode("koi8-r")),
        ("text/plain; charset=windows-1251", "Привет".encode("cp1251")),
        ("text/plain", "Привет".encode()),
        ('text/plain; charset="utf-8"', "\ufeffПривет".encode()),
        ("text/plain; charset=no-such-thing", "Привет".encode()),
        ("text/plain; charset=utf-7", "Привет".encode()),
        ("text/html; charset=utf-8", "<p>Привет</p>".encode()),
    ],
)
def test_texts_in_the_charsets_of_the_world_are_read(kind: str, body: bytes) -> None:
    assert read(mime(body, kind)).text.strip("\ufeff") == "Привет"


def test_soft_breaks_are_joined_and_controls_are_gone() -> None:
    body = b"This line \r\ngoes on.\r\n\r\n> old \r\n-- \r\nVera\x00\x1b[31m\r\n"
    found = read(mime(body, "text/plain; charset=utf-8; format=flowed"))
    assert found.text == "This line goes on."
    assert "\x00" not in found.quoted and "Vera" in found.quoted


def test_pictures_within_the_text_and_forwarded_mails_are_files() -> None:
    message, inner = EmailMessage(), EmailMessage()
    message["Subject"] = "Re: AW: [2] Отв: Export"
    message["In-Reply-To"], message["References"] = "<b@x.example>", "<a@x.example> <b@x.example>"
    inner["Subject"] = "Before"
    inner.set_content("Earlier words")
    message.set_content("See below.")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="Снимок.png")
    message.add_attachment(inner)
    message.add_attachment(b"x", maintype="application", subtype="pgp-signature", filename="s.asc")
    found = read(message.as_bytes())
    assert [file.name for file in found.files] == ["Снимок.png", "message.eml"]
    assert b"Earlier words" in found.files[1].content and found.text == "See below."
    assert found.answers == ("<b@x.example>", "<a@x.example>")


@pytest.mark.parametrize(
    ("subject", "plain", "reference"),
    [
        ("Re: [R-1042] Export stops", "[R-1042] Export stops", "R-1042"),
        ("Fwd: AW: Отв: Export", "Export", ""),
        ("=?utf-8?B?0J/RgNC40LLQtdGC?=", "Привет", ""),
        ("Room R-1042", "Room R-1042", ""),
    ],
)
def test_subjects_lose_their_prefixes_and_name_a_request(subject: str, plain: str, reference: str) -> None:
    found = read(f"Subject: {subject}\r\n\r\nx".encode())
    assert (found.subject, found.reference) == (plain, reference)


def test_a_very_long_mail_is_cut_and_says_so() -> None:
    found = read(mime(b"word \n" * 20_000, "text/plain"))
    assert len(found.text) == MOST_TEXT and found.text.endswith("[…]")


@given(st.binary(max_size=400))
def test_nothing_breaks_the_reader(body: bytes) -> None:
    read_letter(body)
    for kind in ("text/html", "multipart/mixed; boundary=x", "text/plain; charset*=utf-8''%ff"):
        read_letter(mime(b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + body + b"\r\n--x--", kind))


def test_real_and_made_up_mails_are_all_read(calendar_corpus: Path) -> None:
    for path in sorted((calendar_corpus / "mail").glob("*.eml")):
        found = read_letter(path.read_bytes())
        assert found is None or len(found.text) <= MOST_TEXT
