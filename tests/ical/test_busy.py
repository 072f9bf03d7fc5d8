"""The command line over expand()."""

import json
import subprocess
import sys
from pathlib import Path

from app.ical.busy import busy, main
from tests.ical.values import event

_WINDOW = ("20260323T000000Z", "20260330T000000Z")


def _file(folder: Path, text: str) -> str:
    path = folder / "calendar.ics"
    path.write_text(text)
    return str(path)


def test_busy_time_is_merged_and_free_time_left_out(tmp_path: Path) -> None:
    path = _file(
        tmp_path, event("DTSTART:20260324T090000Z", "DTEND:20260324T100000Z", "RRULE:FREQ=HOURLY;COUNT=2")
    )
    assert busy(path, *_WINDOW) == {"busy": [["2026-03-24T09:00:00Z", "2026-03-24T11:00:00Z"]]}


def test_what_cannot_be_read_is_an_error_and_not_free(tmp_path: Path) -> None:
    assert set(busy(_file(tmp_path, "<html>"), *_WINDOW)) == {"error"}
    assert set(busy(str(tmp_path / "absent.ics"), *_WINDOW)) == {"error"}


def test_server_answers_line_by_line(tmp_path: Path) -> None:
    line = "\t".join((_file(tmp_path, event("DTSTART:20260324T090000Z", "DURATION:PT1H")), *_WINDOW))
    answer = subprocess.run(
        [sys.executable, "-m", "app.ical.busy", "--serve"],
        input=f"{line}\n{line}\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert [len(json.loads(each)["busy"]) for each in answer.stdout.splitlines()] == [1, 1]


def test_wrong_arguments_are_refused() -> None:
    assert main(["--nonsense"]) == 2
