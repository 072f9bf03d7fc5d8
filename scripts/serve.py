"""One web process: waitress on HOST and PORT, which several such processes can share."""

import signal
import socket
import sys

import waitress

from app.config import Settings
from wsgi import app


def listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket that other processes of the same user may bind beside this one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    link = socket.socket(family, socket.SOCK_STREAM)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    link.bind((host, port))
    return link


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    settings: Settings = app.extensions["attache"]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    waitress.serve(
        app,
        sockets=[listening_socket(settings.host, settings.port)],
        threads=32,
        connection_limit=1000,
        asyncore_use_poll=True,
        channel_timeout=30,
        # From 1 MiB on the application refuses, with its own page; this is for what is far beyond.
        max_request_body_size=1 << 22,
        ident="",
        _quiet=True,
    )


if __name__ == "__main__":
    main()
