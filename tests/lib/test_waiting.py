"""Waiting a moment for another process."""

import threading
from collections.abc import Callable

from app.lib.waiting import watch


def test_what_is_there_already_is_found_at_the_first_look() -> None:
    assert watch(lambda: "here", 0) == "here"


def test_it_looks_again_until_something_is_found() -> None:
    answers = iter([None, None, 7])
    assert watch(lambda: next(answers), 5) == 7


def test_it_gives_up_when_the_time_is_over() -> None:
    looks = []
    assert watch(lambda: looks.append(1), 0.05) is None
    assert len(looks) >= 2


def test_when_half_of_the_threads_wait_the_others_look_once() -> None:
    is_over = threading.Event()
    waiting = [threading.Event() for _number in range(16)]

    def patience(waits: threading.Event) -> Callable[[], bool | None]:
        looks: list[int] = []

        def look() -> bool | None:
            looks.append(1)
            # The second look is made by who was let in.
            if len(looks) > 1:
                waits.set()
            return is_over.is_set() or None

        return look

    threads = [threading.Thread(target=watch, args=(patience(waits), 10)) for waits in waiting]
    for thread in threads:
        thread.start()
    assert all(waits.wait(5) for waits in waiting)
    looks: list[int] = []
    assert watch(lambda: looks.append(1), 10) is None
    assert len(looks) == 1
    is_over.set()
    for thread in threads:
        thread.join(5)
