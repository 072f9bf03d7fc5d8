"""The agreed answers: those beside tests/ics/own, and those of the large corpus where it is here."""

import resource
from pathlib import Path

import pytest

from tests.ical.judge import read_cases, serve, wrong_answers

_OWN = Path(__file__).parents[1] / "ics" / "own"
_WEEK = ("20240601T000000Z", "20240606T000000Z")
_NAMES = ("Customized Time Zone", "W. Europe Standard Time", "Office", "GMT+0200")
_NINE_IN_GERMANY = [["2024-06-03T07:00:00Z", "2024-06-03T08:00:00Z"]]
_NINE = {
    "+0300": [["2024-06-03T06:00:00Z", "2024-06-03T07:00:00Z"]],
    "-0500": [["2024-06-03T14:00:00Z", "2024-06-03T15:00:00Z"]],
    "": [["2024-06-03T09:00:00Z", "2024-06-03T10:00:00Z"]],
}


def test_hard_cases_are_read_as_the_engines_agree() -> None:
    wrong = wrong_answers(read_cases(_OWN, "own/"))
    assert not wrong, "\n".join(wrong)


def test_corpus_is_read_as_the_engines_agree_within_a_minute(calendar_corpus: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wrong = wrong_answers(read_cases(calendar_corpus))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert not wrong, "\n".join(wrong)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60


def _zoned(folder: Path, name: str, offset: str) -> Path:
    part = f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\n"
    zone = f"BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:19700101T000000\n{part}END:VTIMEZONE\n"
    times = f"DTSTART;TZID={name}:20240603T090000\nDTEND;TZID={name}:20240603T100000\n"
    event = f"BEGIN:VEVENT\nUID:leak\nDTSTAMP:20240101T000000Z\n{times}RRULE:FREQ=YEARLY\nEND:VEVENT\n"
    path = folder / f"{name}{offset}.ics"
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\n{zone if offset else ''}{event}END:VCALENDAR\n")
    return path


@pytest.mark.parametrize("order", [["", "+0300", "-0500"], ["+0300", "-0500", ""], ["-0500", "", "+0300"]])
def test_no_calendar_lends_its_zone_to_the_next(order: list[str], tmp_path: Path) -> None:
    asked = [(name, offset) for offset in order for name in _NAMES]
    answers = serve((_zoned(tmp_path, name, offset), _WEEK) for name, offset in asked)
    known = {("W. Europe Standard Time", ""): _NINE_IN_GERMANY}
    assert [answer["busy"] for answer in answers] == [known.get(pair, _NINE[pair[1]]) for pair in asked]
