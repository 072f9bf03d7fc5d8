"""The pool of daemon threads."""

import threading
from concurrent.futures import wait

import pytest

from app.lib.threads import DaemonPool


def test_calls_run_side_by_side_up_to_the_size() -> None:
    pool, meeting = DaemonPool(2, "test"), threading.Barrier(2)

    def meet() -> None:
        meeting.wait(5)

    assert wait([pool.submit(meet), pool.submit(meet)], 5).not_done == set()


def test_more_calls_than_threads_wait_their_turn() -> None:
    pool, names = DaemonPool(2, "test"), set()
    futures = [pool.submit(lambda: names.add(threading.current_thread().name)) for _ in range(20)]
    assert wait(futures, 5).not_done == set()
    assert len(names) <= 2


def test_a_failed_call_is_told_and_its_thread_goes_on() -> None:
    pool = DaemonPool(1, "test")

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pool.submit(fail).result(5)
    assert pool.submit(lambda: None).result(5) is None
