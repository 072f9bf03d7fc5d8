"""What of a mail's text is its own, and what it repeats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.mailbox.quoting import split_quoted

HI = "> Hi\n> there"


@pytest.mark.parametrize(
    "opening",
    [
        "On Mon, 30 Nov 2026 at 10:00, Sam <sam@a.example> wrote:",
        "On Monday the thirtieth of November, Sam Horvath, support\n<sam@a.example> wrote:",
        "On 30.11.2026 10:00, Sam wrote:",
        "пн, 30 нояб. 2026 г. в 10:00, Sam <sam@a.example>:",
        "30.11.2026 10:00, Сэм пишет:",
        "30 ноября 2026 г., 10:00 +01:00 Sam <sam@a.example> написал:",
        "Am 30.11.26 um 10:00 schrieb Sam Horvath:",
        "Am Mo., 30. Nov. 2026 um 10:00 Uhr schrieb Sam <sam@a.example>:",
        "Le 30 nov. 2026 à 10:00, Sam a écrit :",
    ],
)
def test_what_is_announced_is_folded_in_every_language(opening: str) -> None:
    assert split_quoted(f"Yes, all.\n\n{opening}\n{HI}\n") == ("Yes, all.", f"{opening}\n{HI}")


@pytest.mark.parametrize(
    "opening",
    [
        "From: Sam <sam@a.example>\nSent: Monday, 30 November 2026 10:00\nTo: Vera\nSubject: Export",
        "*From:* Sam\n*Date:* Monday\n*To:* Vera",
        "Von: Sam\nGesendet: Montag\nAn: Vera\nBetreff: Export",
        "От: Sam\nОтправлено: понедельник\nКому: Vera\nТема: Export",
        "________________________________\nFrom: Sam\nSent: Monday\nTo: Vera",
        "-----Original Message-----\nFrom: Sam",
        "-----Исходное сообщение-----\nОт: Sam",
    ],
)
def test_outlooks_headers_fold_all_below(opening: str) -> None:
    assert split_quoted(f"Yes.\n\n{opening}\n\nHi\nthere") == ("Yes.", f"{opening}\n\nHi\nthere")


def test_an_answer_below_the_quotation_is_found() -> None:
    text = f"On Mon, 30 Nov 2026, Sam <s@a.example> wrote:\n{HI}\n\nYes."
    assert split_quoted(text) == ("Yes.", text.removesuffix("\n\nYes."))


def test_answers_between_questions_stay_with_them() -> None:
    text = "On Mon, 30 Nov 2026, Sam <s@a.example> wrote:\n> One?\nYes.\n> Two?\nNo."
    assert split_quoted(text) == (text, "")


def test_quoted_lines_at_the_end_need_no_announcement() -> None:
    assert split_quoted(f"Yes.\n{HI}") == ("Yes.", HI)


def test_a_signature_is_folded_and_a_rule_in_a_long_text_is_not() -> None:
    assert split_quoted("Yes.\n\n-- \nVera\nNordwind") == ("Yes.", "-- \nVera\nNordwind")
    long = "One.\n--\n" + "more\n" * 40
    assert split_quoted(long) == (long.strip(), "")


@pytest.mark.parametrize("text", ["From: here it stops.\nTo be sure:\nOn it wrote:", "a > b", ""])
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert split_quoted(text) == (text, "")


@given(st.lists(st.sampled_from(["a", "", "> b", "-- ", "On 1, x wrote:", "From: x", "To: y", "Sent: z"])))
def test_no_line_is_lost_or_made_up(lines: list[str]) -> None:
    words, quoted = split_quoted("\n".join(lines))
    found = [line.strip() for line in f"{words}\n{quoted}".split("\n") if line.strip()]
    assert sorted(found) == sorted(line.strip() for line in lines if line.strip())
