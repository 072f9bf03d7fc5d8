"""A pool of daemon threads: stopping the process never waits for a server that does not answer."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future


class DaemonPool:
    """Runs calls in at most ``size`` threads, started when they are needed and kept."""

    def __init__(self, size: int, name: str) -> None:
        self._size, self._name = size, name
        self._calls: queue.SimpleQueue[tuple[Future[None], Callable[[], None]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._waiting = 0

    def submit(self, call: Callable[[], None]) -> Future[None]:
        """Have it called soon; the future tells when it is done, and its error."""
        future: Future[None] = Future()
        with self._lock:
            self._waiting += 1
            if self._waiting > self._threads and self._threads < self._size:
                self._threads += 1
                name = f"{self._name}-{self._threads}"
                threading.Thread(target=self._work, name=name, daemon=True).start()
        self._calls.put((future, call))
        return future

    def _work(self) -> None:
        while True:
            future, call = self._calls.get()
            try:
                call()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(None)
            finally:
                with self._lock:
                    self._waiting -= 1
