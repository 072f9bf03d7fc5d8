"""Keeps what pages need of the OpenID provider up to date."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.openid import client, service
from app.accounts.openid.errors import OpenidTrouble
from app.config import Settings
from app.lib.db import write

log = logging.getLogger(__name__)


def read_pass(session: Session, settings: Settings, now: datetime) -> None:
    """The periodic pass that reads the provider's documents; what was read before stays when it cannot."""
    chosen = settings.openid
    if chosen is None:
        return
    try:
        document, keys = client.read_provider(chosen)
    except OpenidTrouble as trouble:
        log.warning("the OpenID provider cannot be read: %s", trouble)
        return
    write(session, [], lambda s: service.keep_provider(s, now, chosen, document, keys))
