"""What the ground has of the desk: a request of Vera's, what she says beside it, and that she is rung."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.callbacks import service as callbacks
from app.desk.callbacks.values import Asked, Source
from app.desk.queries import messages
from app.desk.requests import service as requests
from app.desk.requests.values import NewRequest
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, NewFile, Side, Written
from tests.world import World


def desk_of_vera(session: Session, now: datetime, settings: Settings, world: World) -> dict[str, Any]:
    """Public ids: of a request and its file, of the conversation that is none, of a callback."""
    vera = world.vera
    asked = NewRequest(
        company_id=vera.profile.company_id,
        contact_id=vera.id,
        severity=3,
        subject="Export stops",
        text="It stops at 10,000 rows.",
        key="first",
        side=Side.CUSTOMER,
        channel=Channel.PAGE,
        author_id=vera.id,
        author_name=vera.user.name,
        files=(NewFile("log.txt", "text/plain", b"all is well"),),
    )
    request = requests.open_request(session, now, settings, asked)
    chat = standing_conversation(session, now, vera.profile, Channel.CHAT)
    said = Written(Side.CUSTOMER, Channel.CHAT, "Hello", "hello", vera.id, vera.user.name)
    write_message(session, now, settings, chat.id, said)
    callback = _callback(session, now, settings, world)
    (first,) = messages(session, request.conversation.id, for_staff=False)
    return {
        "request": request.conversation.public_id,
        "message_file": first.files[0].public_id,
        "chat": chat.public_id,
        "callback": callback,
    }


def _callback(session: Session, now: datetime, settings: Settings, world: World) -> str:
    """Vera asked to be rung, and Sam has taken it."""
    vera = world.vera
    asked = Asked(vera.profile.company_id, vera.id, "+493012345678", "Import", None, Source.PAGE, "first")
    value = callbacks.ask(session, now, settings, asked)
    return callbacks.take(session, now, settings, world.sam.user, value.public_id, "").public_id
