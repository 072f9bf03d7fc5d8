"""The hard cases of tests/ics, damaged at random by a fixed seed: nothing crashes, hangs, leaks or hides."""

import random
from datetime import UTC, datetime
from pathlib import Path

from app.ical.confined import expand_all
from app.ical.expand import Expansion, UnreadableCalendar
from app.lib.intervals import Interval

_FOLDER = Path(__file__).parents[1] / "ics"
_WINDOW = Interval(datetime(2024, 6, 1, tzinfo=UTC), datetime(2024, 6, 29, tzinfo=UTC))
_GOOD = ["BEGIN:VEVENT", "UID:behind", "DTSTART:20240612T120000Z", "DTEND:20240612T130000Z", "END:VEVENT"]
_PIECES = [
    "RRULE:FREQ=SECONDLY", "RRULE:FREQ=HOURLY;INTERVAL=11;BYSETPOS=366", "DTSTART:", "DTSTART;TZID=:x",
    "EXDATE;TZID=Nowhere:20240603T090000", "RDATE;VALUE=PERIOD:20240605T090000Z/-PT1H", "DURATION:P999999W",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20240605T090000Z", "RECURRENCE-ID:99991231T235959Z", "SEQUENCE:1e9",
    "DTEND:00010101T000000", "STATUS:", "TRANSP;X=\":OPAQUE", "\t", "=", ";:", "\ufeff", "\x00\x85\u2028",
]  # fmt: skip


def _texts() -> list[str]:
    files = sorted([*_FOLDER.glob("*.ics"), *(_FOLDER / "own").glob("*.ics")])
    return [path.read_bytes().decode("utf-8", "replace") for path in files if path.stat().st_size < 5_000]


def _damaged(lines: list[str], chance: random.Random) -> list[str]:
    """The lines with one to three changes: cut, doubled, swapped, added, or with other characters."""
    lines = list(lines)
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        line, way = lines[at], chance.randrange(7)
        place = chance.randrange(len(line) + 1)
        if way == 0:
            lines[at] = line[:place]
        elif way == 1:
            lines.insert(other, line)
        elif way == 2:
            lines[at], lines[other] = lines[other], line
        elif way == 3:
            lines.insert(at, chance.choice(_PIECES))
        elif way == 4:
            lines[at] = line[:place] + chance.choice(',;:=/-T0"9Z \r\x0bü') + line[place + 1 :]
        elif way == 5:
            lines[at] = line[:place] + chance.choice(_PIECES) + line[place:]
        elif len(lines) > 1:
            del lines[at]
    return lines


def _damaged_inside(text: str, chance: random.Random) -> str:
    """Changes within the events alone, whose bounds stay, and a good event behind them."""
    lines: list[str] = []
    inside: list[str] | None = None
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        word = line.strip().upper()
        if inside is None:
            if word == "END:VCALENDAR":
                lines += _GOOD
            lines.append(line)
            inside = [] if word == "BEGIN:VEVENT" else None
        elif word == "END:VEVENT":
            # A line in front, for a fold may not reach the BEGIN: that would leave no event at all.
            lines += ["X:1", *_without_bounds(_damaged(inside or ["X:1"], chance)), line]
            inside = None
        else:
            inside.append(line)
    return "\r\n".join(lines)


def _without_bounds(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.upper().lstrip().startswith(("BEGIN", "END"))]


def test_damaged_files_are_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(1)
    texts = ["\r\n".join(_damaged(text.splitlines(), chance)) for text in _texts() for _ in range(3)]
    answers = expand_all(texts, _WINDOW, "Europe/Berlin")
    assert len(answers) == len(texts)
    assert all(isinstance(answer, Expansion | UnreadableCalendar) for answer in answers)
    order = list(range(len(texts)))
    chance.shuffle(order)
    again = expand_all([texts[number] for number in order], _WINDOW, "Europe/Berlin")
    assert [str(answer) for answer in again] == [str(answers[number]) for number in order]


def test_damage_inside_an_event_hides_no_other_event() -> None:
    chance = random.Random(2)
    sound = [text for text in _texts() if _keeps_its_bounds(text)]
    texts = [_damaged_inside(text, chance) for text in sound for _ in range(3)]
    assert len(texts) > 400
    for text, answer in zip(texts, expand_all(texts, _WINDOW, "Europe/Berlin"), strict=True):
        assert isinstance(answer, Expansion), f"{answer}\n{text}"
        assert any(span.uid == "behind" for span in answer.spans), text


def _keeps_its_bounds(text: str) -> bool:
    words = [line.rstrip().upper() for line in text.splitlines()]
    bounds = [word for word in words if word.startswith(("BEGIN:V", "END:V"))]
    return (
        bounds[:1] == ["BEGIN:VCALENDAR"]
        and bounds[-1:] == ["END:VCALENDAR"]
        and bounds.count("BEGIN:VCALENDAR") == bounds.count("END:VCALENDAR")
        and bounds.count("BEGIN:VEVENT") == bounds.count("END:VEVENT")
        and "BEGIN:VCALENDAR" not in bounds[1:]
        and words[0] == "BEGIN:VCALENDAR"
    )
