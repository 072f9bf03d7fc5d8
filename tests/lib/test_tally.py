from datetime import UTC, datetime, timedelta

from app.lib import tally
from app.lib.tally import Tally

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_uses_are_handed_over_by_the_step_and_each_once() -> None:
    counting = Tally()
    assert [counting.add(NOW, "sam", MINUTE, 3) for _ in range(7)] == [0, 0, 3, 0, 0, 3, 0]


def test_keys_are_counted_apart() -> None:
    counting = Tally()
    assert [counting.add(NOW, key, MINUTE, 2) for key in ("sam", "rita", "sam")] == [0, 0, 2]


def test_what_is_older_than_the_window_no_longer_counts() -> None:
    counting = Tally()
    counting.add(NOW, "sam", MINUTE, 2)
    assert counting.add(NOW + MINUTE, "sam", MINUTE, 2) == 0


def test_of_more_keys_than_there_is_room_for_each_use_is_handed_over() -> None:
    counting = Tally()
    for number in range(tally._LARGEST):
        counting.add(NOW, f"key {number}", MINUTE, 20)
    assert counting.add(NOW, "another", MINUTE, 20) == 1
    assert counting.add(NOW + MINUTE, "another", MINUTE, 20) == 0


def test_what_is_used_up_is_known_until_its_window_ends() -> None:
    counting = Tally()
    counting.close("sam", NOW + MINUTE)
    assert counting.closed_until(NOW, "sam") == NOW + MINUTE
    assert counting.closed_until(NOW + MINUTE, "sam") is None
