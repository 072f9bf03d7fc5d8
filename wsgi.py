"""The entry point of WSGI servers and of the ``flask`` command."""

import sys

from app.config import SettingsError
from app.factory import create_app
from app.lib.keys import KeyFileError

try:
    app = create_app()
except (SettingsError, KeyFileError, OSError) as error:
    # An operator's mistake is one line, not a traceback.
    sys.exit(f"attache: {error}")
