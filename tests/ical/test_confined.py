"""Expansion in processes that can be killed, whatever the text and whoever kills them."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.ical.confined import Pool, expand_all, expand_availability_all
from app.ical.expand import Expansion, UnreadableCalendar, expand
from tests.ical.values import WEEK, calendar, event

_ROOT = Path(__file__).parents[2]
_FAKE = (sys.executable, "-m", "tests.ical.fake_child")
_DAILY = event("DTSTART:20260324T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "SUMMARY:Stand-up")
_SINGLE = event("DTSTART:20260324T090000Z", "DURATION:PT1H")


@pytest.fixture
def pool() -> Iterator[Pool]:
    """One real process, started when asked."""
    pool = Pool(1)
    yield pool
    pool.close()


@pytest.fixture
def fake() -> Iterator[Pool]:
    """A process that dies at certain titles (see tests/ical/fake_child.py)."""
    pool = Pool(1, _FAKE)
    yield pool
    pool.close()


def _expand(pool: Pool, *texts: str) -> list[Expansion | UnreadableCalendar]:
    return expand_all(texts, WEEK, "Europe/Berlin", frozenset({"sam@attache.example"}), pool)


def _spans(answer: Expansion | UnreadableCalendar) -> int:
    assert isinstance(answer, Expansion), answer
    return len(answer.spans)


def _reasons(answer: Expansion | UnreadableCalendar) -> list[str]:
    assert isinstance(answer, Expansion), answer
    return [problem.reason for problem in answer.problems]


def test_answer_of_the_process_is_that_of_the_function(pool: Pool) -> None:
    text = calendar(
        *("BEGIN:VEVENT", "UID:a", "DTSTART;TZID=Nowhere:20260324T090000", "RRULE:FREQ=DAILY", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:ü", "DTSTART;VALUE=DATE:20260325", "STATUS:TENTATIVE", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:c", "DTSTART:99980101T000000Z", "DURATION:P900D", "TRANSP:TRANSPARENT"),
        *("RDATE:20260324T090000Z", "END:VEVENT"),
    )
    assert _expand(pool, text) == [expand(text, WEEK, "Europe/Berlin", frozenset({"sam@attache.example"}))]
    assert len(pool.process_ids()) == 1


def test_short_text_that_repeats_nothing_needs_no_process(pool: Pool) -> None:
    assert _spans(_expand(pool, _SINGLE)[0]) == 1
    assert pool.process_ids() == []


def test_repetition_folded_out_of_sight_still_goes_to_the_process(pool: Pool) -> None:
    assert _spans(_expand(pool, _DAILY.replace("RRULE", "RR\r\n UL\r\n\tE"))[0]) == 6
    assert len(pool.process_ids()) == 1


def test_unreadable_texts_come_back_in_their_places(pool: Pool) -> None:
    answers = _expand(pool, "<html>", _DAILY, _DAILY[:-30], _SINGLE)
    assert [isinstance(answer, UnreadableCalendar) for answer in answers] == [True, False, True, False]


def test_many_texts_come_back_in_order(pool: Pool) -> None:
    texts = [_DAILY.replace("UID:one", f"UID:{n}") if n % 3 else _SINGLE for n in range(400)]
    answers = _expand(pool, *texts)
    assert [_spans(answer) for answer in answers] == [6 if n % 3 else 1 for n in range(400)]
    assert isinstance(answers[400 - 1], Expansion) and answers[398].spans[0].uid == "398"  # type: ignore[union-attr]


def test_killed_between_questions_it_is_started_anew(pool: Pool) -> None:
    _expand(pool, _DAILY)
    [before] = pool.process_ids()
    os.kill(before, signal.SIGKILL)
    assert _spans(_expand(pool, _DAILY)[0]) == 6
    assert pool.process_ids() != [before]


def test_stopped_process_is_killed_after_a_while_and_its_text_redone() -> None:
    pool = Pool(1, patience=1.0)
    _expand(pool, _DAILY)
    os.kill(pool.process_ids()[0], signal.SIGSTOP)
    assert _spans(_expand(pool, _DAILY)[0]) == 6
    pool.close()


def test_killed_from_outside_in_the_middle_loses_nothing(fake: Pool, tmp_path: Path) -> None:
    once = _DAILY.replace("Stand-up", f"KILLED-ONCE {tmp_path / 'mark'}")
    answers = _expand(fake, _DAILY, once, _DAILY)
    assert [_spans(answer) for answer in answers] == [6, 6, 6]
    assert [_reasons(answer) for answer in answers] == [[], [], []]


def test_text_that_kills_its_process_blocks_its_first_and_is_named(fake: Pool) -> None:
    answers = _expand(fake, _DAILY, _DAILY.replace("Stand-up", "COSTLY"), _DAILY)
    assert [_spans(answer) for answer in answers] == [6, 1, 6]
    assert _reasons(answers[1]) == ["too-many"]


def test_text_that_cannot_even_be_read_in_time_is_unreadable(fake: Pool) -> None:
    answers = _expand(fake, _DAILY, _DAILY.replace("Stand-up", "DEADLY"), _DAILY)
    assert isinstance(answers[1], UnreadableCalendar)
    assert [_spans(answers[0]), _spans(answers[2])] == [6, 6]


def test_event_that_takes_more_than_its_time_leaves_the_others(pool: Pool) -> None:
    lines: list[str] = []
    for n in range(2_000):
        clock = f"T{n % 24:02}{n // 24 % 60:02}{n // 1440:02}Z"
        lines += ["BEGIN:VEVENT", "UID:same", f"DTSTART:20000101{clock}", "RRULE:FREQ=YEARLY", "END:VEVENT"]
        lines += ["BEGIN:VEVENT", "UID:same", f"RECURRENCE-ID:20200101{clock}", f"DTSTART:20200102{clock}"]
        lines += ["END:VEVENT"]
    good = ["BEGIN:VEVENT", "UID:good", "DTSTART:20260325T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"]
    answer = _expand(pool, calendar(*lines, *good, "END:VEVENT"))[0]
    assert _reasons(answer) == ["too-many"]
    assert _spans(answer) == 5


def test_text_that_takes_more_memory_than_it_may_is_refused() -> None:
    little = f"ulimit -v 150000; exec {sys.executable} -m app.ical.confined_child"
    pool = Pool(1, ("/bin/sh", "-c", little))
    huge = calendar("BEGIN:VEVENT", "UID:a", *["X:1"] * 600_000, "END:VEVENT")
    answers = _expand(pool, huge, _DAILY)
    pool.close()
    assert str(answers[0]) == "takes more time or memory than any calendar needs"
    assert _spans(answers[1]) == 6


def test_more_threads_than_processes_share_them() -> None:
    pool = Pool(2)
    with ThreadPoolExecutor(16) as threads:
        counts = list(threads.map(lambda _: [_spans(a) for a in _expand(pool, _DAILY, _DAILY)], range(64)))
    assert counts == [[6, 6]] * 64
    assert len(pool.process_ids()) == 2
    pool.close()


def test_process_knows_no_secret_and_ends_with_its_parent() -> None:
    script = (
        "import os, time\n"
        "from pathlib import Path\n"
        "from app.ical.confined import _POOL, expand_all\n"
        "from tests.ical.test_confined import _DAILY, WEEK\n"
        "expand_all([_DAILY], WEEK, 'UTC')\n"
        "[pid] = _POOL.process_ids()\n"
        "print(pid, b'SECRET_KEY' in Path(f'/proc/{pid}/environ').read_bytes(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        check=False,
        env={**os.environ, "SECRET_KEY": "x" * 40},
    )
    pid, knows = ran.stdout.split()
    assert knows == "False"
    assert _is_gone(int(pid))


def test_availability_is_read_in_the_process_too(pool: Pool) -> None:
    text = calendar(
        *("BEGIN:VAVAILABILITY", "UID:v", "BEGIN:AVAILABLE", "UID:w", "DTSTART:20260324T090000Z"),
        *("DURATION:PT8H", "RRULE:FREQ=DAILY", "END:AVAILABLE", "END:VAVAILABILITY"),
    )
    [found] = expand_availability_all([text], WEEK, "UTC", pool)
    assert found.spans is not None
    assert len(found.spans) == 6
    assert len(pool.process_ids()) == 1


def test_availability_that_kills_its_process_gives_no_hours(fake: Pool) -> None:
    [found] = expand_availability_all(["DEADLY"], WEEK, "UTC", fake)
    assert found.spans is None
    assert found.problems


def _is_gone(pid: int) -> bool:
    """Whether the process ends within ten seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 10)[0])
    finally:
        os.close(handle)
