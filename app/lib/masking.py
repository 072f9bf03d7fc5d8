"""Keeps secrets that stand in addresses out of logs."""

import logging
import re

# Below these folders an address is a secret; 16 characters are less than any token has.
SECRET_FOLDERS = ("feeds", "sign-in")
_SECRET = re.compile(rf"(/(?:{'|'.join(SECRET_FOLDERS)})/)[\w%~-]{{16,}}")
# What an OpenID provider sends a browser back with.
_ANSWER = re.compile(r"(/sign-in/openid/back\?)[^\s\"'<>]+")
_BEARER = re.compile(r"(\bBearer\s+)[\w.~+/=-]+", re.IGNORECASE)
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def masked(text: str) -> str:
    """The text with ``…`` in place of each secret."""
    for secret in (_SECRET, _ANSWER, _BEARER):
        text = secret.sub(r"\1…", text)
    return text


class MaskedLines(logging.Formatter):
    """Log lines, tracebacks included, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole line, or lines, of a record."""
        return masked(super().format(record))


def init_logging(level: str) -> None:
    """Write log lines to standard error, those of the libraries too."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskedLines(LINE))
    logging.basicConfig(level=level, handlers=[handler])
    engine = logging.getLogger("dbos")
    # It would write its lines by itself, and tells of each connection and table at INFO.
    engine.handlers[:] = [logging.NullHandler()]
    engine.propagate = True
    engine.setLevel(logging.WARNING)
