"""A Flask application on a real port, in a thread of the test's process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from scripts.web_server import web_server


@contextmanager
def served(app: Flask, port: int) -> Iterator[str]:
    """Serve on 127.0.0.1 while open; the address by name, without a slash at the end."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    link.bind(("127.0.0.1", port))
    server = web_server(app, link, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{port}"
    finally:
        server.close()
        thread.join(5)
