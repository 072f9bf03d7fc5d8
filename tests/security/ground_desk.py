"""What the ground has of the desk: a request of Vera's, and what she says beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.queries import messages
from app.desk.requests import service as requests
from app.desk.requests.values import NewRequest
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, NewFile, Side, Written
from tests.world import World


def desk_of_vera(session: Session, now: datetime, settings: Settings, world: World) -> dict[str, Any]:
    """Public ids: of a request and its file, and of the conversation that is none."""
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
    (first,) = messages(session, request.conversation.id, for_staff=False)
    return {
        "request": request.conversation.public_id,
        "message_file": first.files[0].public_id,
        "chat": chat.public_id,
    }
