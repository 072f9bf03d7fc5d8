"""Keeps secrets that stand in addresses out of logs."""

import logging
import re

# Below these folders an address is a secret; 16 characters are less than any token has.
SECRET_FOLDERS = ("feeds", "sign-in")
_SECRET = re.compile(rf"(/(?:{'|'.join(SECRET_FOLDERS)})/)[\w%~-]{{16,}}")
_BEARER = re.compile(r"(\bBearer\s+)[\w.~+/=-]+", re.IGNORECASE)
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def masked(text: str) -> str:
    """The text with ``…`` in place of each secret."""
    return _BEARER.sub(r"\1…", _SECRET.sub(r"\1…", text))


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
