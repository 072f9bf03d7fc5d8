"""Handing a contact all that is kept about them: what the calls' part knows, and the desk's."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking.exporting import service as calls
from app.booking.exporting.personal_data import as_json
from app.config import Settings
from app.desk.exporting import queries

# All of it is put together in memory; who has more files than that downloads the older ones one by one.
_MOST_BYTES = 50 << 20


def export_contact(
    session: Session, now: datetime, settings: Settings, actor: SignedIn | str, public_id: str
) -> dict[str, bytes]:
    """All that is kept about a contact, as files by name.

    ``data.json`` and ``calls.ics``, ``conversations.json``, and the files of messages as far as they are
    together not more than 50 MiB, the newest first. Raises NotFound for somebody who is no contact.
    """
    files = calls.export_contact(session, now, settings, actor, public_id)
    whose = queries.whose(session, public_id)
    document = {
        "exported_at": now,
        "conversations": queries.conversations(session, whose),
        "callbacks": queries.callbacks(session, whose),
        "phone_calls": queries.phone_calls(session, whose),
        "mails_without_conversation": queries.unsorted_mails(session, whose),
    }
    files["conversations.json"] = as_json(document)
    return files | queries.contents(session, whose, _MOST_BYTES)
