"""Waitress, set up so that nobody who is slow or large is in the way of others.

A request costs a thread only once it has arrived as a whole; until then it costs a connection, of which there
are a thousand. The server itself closes only connections on which nothing happens at all, so one that sends
a byte now and then could keep its place for ever: here a request has to arrive in time. Nor does it close one
whose client does not read what it asked for, and a thread waits for such a client once much is to be read:
here an answer has to be taken in time, and requests cannot be sent ahead by the hundred.
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

SECONDS_FOR_HEAD = 20
SECONDS_FOR_ALL = 120
SECONDS_FOR_ANSWER = 600
SECONDS_IDLE = 30
MOST_AHEAD = 10


class TimedChannel(HTTPChannel):
    """A connection that knows since when its request has been arriving, and its answer waiting."""

    arriving_since = 0.0
    waiting_since = 0.0

    def received(self, data: bytes) -> bool:
        """Take what has arrived."""
        before = self.request
        taken: bool = super().received(data)
        if before is None or self.request is not before:
            self.arriving_since = time.time()
        if len(self.requests) > 1 + MOST_AHEAD:
            self.will_close = True
        return taken

    def is_late(self, now: float, for_head: float, for_all: float) -> bool:
        """Whether its head has taken longer than ``for_head`` seconds, or all of it than ``for_all``."""
        request = self.request
        if request is None:
            return False
        return now - self.arriving_since > (for_all if request.headers_finished else for_head)

    def is_deaf(self, now: float, idle: float, for_answer: float) -> bool:
        """Whether none of its answer was taken for ``idle`` seconds, or not all of it in ``for_answer``."""
        if not self.total_outbufs_len:
            self.waiting_since = 0.0
            return False
        self.waiting_since = self.waiting_since or now
        return now - self.last_activity > idle or now - self.waiting_since > for_answer

    def hang_up(self) -> None:
        """Close it at the loop's next turn, although nothing can be written to it."""
        # Closed here, its number could go to a connection that comes in this turn, and close that.
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.will_close = True


class TimedServer(TcpWSGIServer):
    """A server that closes connections on which a request or an answer takes too long."""

    channel_class = TimedChannel

    def __init__(
        self,
        app: Callable[..., Any],
        link: socket.socket,
        adj: Adjustments,
        for_head: float,
        for_all: float,
        for_answer: float,
    ) -> None:
        self.for_head, self.for_all, self.for_answer = for_head, for_all, for_answer
        info = (link.family, link.type, link.proto, link.getsockname())
        super().__init__(app, map={}, _sock=link, adj=adj, bind_socket=False, sockinfo=info)

    def maintenance(self, now: float) -> None:
        """Look at every connection; called every ``cleanup_interval``."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_late(now, self.for_head, self.for_all):
                channel.will_close = True
            if channel.is_deaf(now, self.adj.channel_timeout, self.for_answer):
                channel.hang_up()


def web_server(
    app: Callable[..., Any],
    link: socket.socket,
    *,
    threads: int = 32,
    for_head: float = SECONDS_FOR_HEAD,
    for_all: float = SECONDS_FOR_ALL,
    for_answer: float = SECONDS_FOR_ANSWER,
    idle: int = SECONDS_IDLE,
    look_every: int = 5,
) -> TimedServer:
    """A server on a bound socket; ``run`` serves until ``close``."""
    settings = Adjustments(
        sockets=[link],
        threads=threads,
        connection_limit=1000,
        asyncore_use_poll=True,
        channel_timeout=idle,
        cleanup_interval=look_every,
        max_request_header_size=1 << 15,
        # The application refuses much less, with its own page (files where they are taken, else 1 MiB); this
        # is for what is far beyond.
        max_request_body_size=24 << 20,
        ident="",
        # The application decides how many proxies it believes; without these headers it would believe none.
        clear_untrusted_proxy_headers=False,
    )
    return TimedServer(app, link, settings, for_head, for_all, for_answer)
