"""The mails of the large corpus where it is here: each has the effect that is agreed on, or none."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.ical.errors import UnreadableCalendar
from app.ical.itip_reading import read_message
from app.invites.replies import InvitedCall, Invitee, Outcome, judge, of_mail
from app.lib.intervals import Interval
from app.mail.incoming import HEAD, LARGEST, read_mail

START = datetime(2024, 6, 3, 7, tzinfo=UTC)
NOW = datetime(2024, 5, 21, tzinfo=UTC)
CALL = Interval(START, START + timedelta(minutes=30))
UID = "7d0b2c9e-booking-1@booking.example.org"
TAGGED = "booking+aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org"
JANE = Invitee(1, "jane@example.com", TAGGED, 2, None, None)

AGREED = {
    "reply-accepted-mixed": ["applied ACCEPTED"],
    "reply-old-sequence": ["stale"],
    "reply-pair-1-accepted": ["applied ACCEPTED"],
    "reply-uid-case": ["unknown"],
    "reply-spoofed-display": ["forged"],
    "reply-sent-by": ["applied ACCEPTED"],
    "reply-no-method-param": ["applied ACCEPTED"],
    "reply-latin1": ["applied ACCEPTED"],
    "reply-two-uids": ["applied DECLINED", "unknown"],
    "reply-partstat-odd": ["nothing"],
    "reply-comment-html": ["applied DECLINED"],
    "counter-outlook": ["proposed"],
    "counter-past": ["past"],
    "cancel-from-attendee": ["not_for_us"],
    "auto-reply-vacation": ["automatic"],
    "reply-huge": ["too_large"],
    "reply-broken-base64": ["unreadable"],
    "plain-text-yes": ["words"],
}


def judged(path: Path) -> list[str]:
    """What becomes of each answer in a file, delivered to Jane's own address."""
    size = path.stat().st_size
    if size > LARGEST:
        read_mail(path.read_bytes()[:HEAD])
        return [Outcome.TOO_LARGE]
    mail = read_mail(
        path.read_bytes().replace(b"To: Booking <booking@example.org>", f"To: {TAGGED}".encode())
    )
    if (whole := of_mail(mail)) is not None:
        return [whole]
    call = InvitedCall(CALL, True, False, {JANE.address: JANE})
    found = []
    for part in mail.calendars:
        try:
            message = read_message(part.text)
        except UnreadableCalendar:
            found.append("unreadable")
            continue
        for answer in message.answers:
            verdict = judge(mail, message.method, answer, call if answer.uid == UID else None, NOW)
            found.append(
                f"{verdict.outcome} {verdict.partstat if verdict.outcome == 'applied' else ''}".strip()
            )
    return found


def test_every_agreed_case_is_known(calendar_corpus: Path) -> None:
    cases = json.loads((calendar_corpus / "mail-expected.json").read_text(encoding="utf-8"))
    assert {Path(case["file"]).stem for case in cases} == set(AGREED)


@pytest.mark.parametrize("name", AGREED)
def test_an_agreed_case_is_judged_as_agreed(calendar_corpus: Path, name: str) -> None:
    assert judged(calendar_corpus / "mail" / f"{name}.eml") == AGREED[name]


def test_real_mail_of_others_changes_nothing(calendar_corpus: Path) -> None:
    others = [path for path in (calendar_corpus / "mail").glob("*.eml") if path.stem not in AGREED]
    effects = {path.stem: judged(path) for path in others}
    assert len(effects) > 10
    harmless = {"automatic", "words", "unreadable", "unknown", "not_for_us"}
    assert {word for found in effects.values() for word in found} <= harmless, effects
    assert all(effects[name] == ["automatic"] for name in effects if "dsn_failure" in name)


def test_what_is_proposed_and_written_is_read_as_it_was_meant(calendar_corpus: Path) -> None:
    folder = calendar_corpus / "mail"
    (part,) = read_mail((folder / "counter-outlook.eml").read_bytes()).calendars
    (answer,) = read_message(part.text).answers
    start = datetime(2024, 6, 4, 12, tzinfo=UTC)
    assert answer.span == Interval(start, start + timedelta(minutes=30)) and answer.comment == "better for me"
    (latin,) = read_mail((folder / "reply-latin1.eml").read_bytes()).calendars
    assert "Jürgen Größe" in latin.text
