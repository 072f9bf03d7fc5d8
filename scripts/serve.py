"""One web process: waitress on HOST and PORT, which several such processes can share."""

import signal
import socket
import sys

from app.config import Settings
from scripts.web_server import web_server
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
    web_server(app, listening_socket(settings.host, settings.port)).run()


if __name__ == "__main__":
    main()
