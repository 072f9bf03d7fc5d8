"""Free ports on loopback, and waiting for a server without sleeping longer than it takes."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(claim: Callable[[], object], seconds: float, what: str) -> None:
    """Look every 20 ms until ``claim()`` is true.

    Raises TimeoutError, naming ``what`` was waited for.
    """
    deadline = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)
