"""A connection with one deadline for everything that is sent and read over it."""

import io
import socket
from typing import TYPE_CHECKING

from app.lib.clock import monotonic

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class Wire:
    """What http.client needs of a socket; a server that drips byte by byte gains no time by it."""

    def __init__(self, link: socket.socket, deadline: float) -> None:
        self.link = link
        self.deadline = deadline
        self._readers = 0
        self._is_closed = False

    def sendall(self, data: "ReadableBuffer") -> None:
        """Send all of it; TimeoutError when the deadline passes."""
        self._allow()
        self.link.sendall(data)

    def receive(self, buffer: "WriteableBuffer") -> int:
        """Read what is there; TimeoutError when the deadline passes."""
        self._allow()
        return self.link.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """A reader; the connection stays open until it and the wire are closed."""
        self._readers += 1
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        """Close, once nobody reads from it any more."""
        self._is_closed = True
        self._release()

    def reader_closed(self) -> None:
        """One reader less."""
        self._readers -= 1
        self._release()

    def _release(self) -> None:
        if self._is_closed and self._readers <= 0:
            self.link.close()

    def _allow(self) -> None:
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError("the exchange took too long")
        self.link.settimeout(left)


class _Reader(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        return self._wire.receive(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._wire.reader_closed()
