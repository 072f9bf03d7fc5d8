"""Recordings on their way from the provider to their message."""

import base64
import io
import wave
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.models import FileContent, MessageFile
from app.desk.phone.client import MOST_BYTES
from app.desk.phone.models import PhoneRecording
from app.desk.phone.values import PhoneCallValue
from tests.desk.phone.provider import ACCOUNT, PHONE, TOKEN, VERA
from tests.desk.phone.test_calls import EVENING, UNKNOWN, Line
from tests.fakes.recordings import Recordings, running_recordings
from tests.world import build_world

MINUTE = timedelta(minutes=1)


def _sound() -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\x01\x00" * 800)
    return kept.getvalue()


SOUND = _sound()


@pytest.fixture
def recordings() -> Iterator[Recordings]:
    with running_recordings() as server:
        yield server


@pytest.fixture
def line(session: Session, make_settings: Callable[..., Settings], recordings: Recordings) -> Line:
    settings = make_settings(**PHONE, PHONE_MEDIA_ORIGINS=recordings.base)
    return Line(session, settings, build_world(session, EVENING), EVENING)


def left(line: Line, recordings: Recordings, number: str = VERA) -> PhoneCallValue:
    call = line.take(number)
    line.record(call, url=f"{recordings.base}/RE1")
    return call


def files(line: Line) -> list[tuple[str, str, bytes]]:
    line.session.rollback()
    wanted = select(MessageFile.name, MessageFile.media_type, FileContent.content).join(
        FileContent, FileContent.file_id == MessageFile.id
    )
    return [tuple(row) for row in line.session.execute(wanted)]


def test_a_recording_is_kept_with_its_message_once_the_provider_has_it(
    line: Line, recordings: Recordings
) -> None:
    call = left(line, recordings)
    line.look()
    row = line.row(call)
    assert (row.attempts, row.detail, row.fetch_at) == (1, "status 404", EVENING + MINUTE)
    recordings.answers["/RE1"] = (200, SOUND, "")
    line.look()
    assert files(line) == []
    line.now += MINUTE
    line.look()
    assert files(line) == [("voicemail-2026-11-30-1830.wav", "audio/x-wav", SOUND)]
    row = line.row(call)
    assert (row.recording_url, row.fetch_at, row.detail) == ("", None, "")
    sign = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert recordings.asked == [("/RE1", f"Basic {sign}")] * 2


def test_what_an_unknown_caller_said_moves_to_the_contact_with_the_call(
    line: Line, recordings: Recordings
) -> None:
    recordings.answers["/RE1"] = (200, SOUND, "")
    call = left(line, recordings, UNKNOWN)
    line.look()
    assert files(line) == [] and line.session.get_one(PhoneRecording, call.id).content == SOUND
    line.session.rollback()
    line.assign(call, line.world.sam, "vera@nordwind.example")
    assert [content for _name, _type, content in files(line)] == [SOUND]
    assert line.session.scalars(select(PhoneRecording)).all() == []


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ((200, b"<html><script>", ""), "refused: file_kind"),
        ((200, b"%PDF-1.7 " + bytes(30), ""), "no audio but application/pdf"),
        ((200, bytes(MOST_BYTES + 1), ""), "too large"),
        (
            (302, b"", "https://elsewhere.example/RE1"),
            "not in PHONE_MEDIA_ORIGINS: https://elsewhere.example/RE1",
        ),
        ((302, b"", "/RE1"), "sent from one address to the next"),
    ],
)
def test_what_is_no_recording_of_the_provider_is_given_up_and_told(
    line: Line, recordings: Recordings, answer: tuple[int, bytes, str], detail: str
) -> None:
    recordings.answers["/RE1"] = answer
    call = left(line, recordings)
    line.look()
    line.look()
    row = line.row(call)
    assert (row.fetch_at, row.detail, row.attempts) == (None, detail, 1)
    lost = line.said(row.conversation_id)[-1]
    assert (lost.text, lost.is_internal) == (
        "The recording could not be fetched from the telephony provider.",
        True,
    )


def test_a_provider_that_is_away_is_asked_ever_more_seldom_and_then_no_more(
    line: Line, recordings: Recordings
) -> None:
    call = left(line, recordings)
    waits = []
    while (due := line.row(call).fetch_at) is not None:
        waits.append(due - line.now)
        line.now = due
        line.look()
    assert [wait / MINUTE for wait in waits] == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert [one.is_internal for one in line.said(line.row(call).conversation_id)] == [False, False, True]


def test_another_place_of_the_provider_gets_no_password(
    line: Line, recordings: Recordings, make_settings: Callable[..., Settings]
) -> None:
    with running_recordings() as other:
        origins = f"{recordings.base},{other.base}"
        line.settings = make_settings(**PHONE, PHONE_MEDIA_ORIGINS=origins)
        recordings.answers["/RE1"] = (302, b"", f"{other.base}/there")
        other.answers["/there"] = (200, SOUND, "")
        left(line, recordings)
        line.look()
        assert other.asked == [("/there", "")] and len(files(line)) == 1
