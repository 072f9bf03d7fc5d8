"""How a browser and the service keep a chat in step: tags of what was shown, keys of what was said."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from app.desk.chat.values import Said, Tip
from app.lib.tokens import keyed_digest

# How long nothing but the messages is looked at: rights, entitlement and presence are, once in so long.
LOOK_AGAIN = timedelta(minutes=1)


def tag_of(secret: str, now: datetime, user_id: int, tip: Tip | None) -> str:
    """The ETag of a chat as this person sees it now (RFC 9110, 8.8.3), without its quotes.

    Nobody else can make it, so whoever names it was let in within the last minute. The minutes of different
    people begin at different seconds, so that their browsers do not all get a whole answer at once.
    """
    minute = int(now.timestamp() + user_id * 7) // int(LOOK_AGAIN.total_seconds())
    known = (str(tip.conversation_id), str(tip.last_number)) if tip else ("", "0")
    return keyed_digest(secret, "chat", str(user_id), *known, str(minute))[:32]


def is_known(told: Iterable[str], tag: str, after: int, tip: Tip | None) -> bool:
    """Whether a browser that has all messages up to ``after`` and these tags has nothing to be told."""
    return after >= (tip.last_number if tip else 0) and tag in told


def message_key(user_id: int, said: Said) -> str:
    """What a message is known by, so that it is written once however often it is sent.

    A form that Back brings up again has the key of a message that was sent: other words make it another.
    """
    digest = sha256(said.text.encode())
    for file in said.files:
        digest.update(sha256(file.content).digest())
    return f"{_mark(user_id)}{said.key}:{digest.hexdigest()[:16]}"


def browsers_key(user_id: int, key: str) -> str:
    """The browser's name of a message that this person said in a chat; empty for every other message."""
    mark = _mark(user_id)
    return key.removeprefix(mark).rpartition(":")[0] if key.startswith(mark) else ""


def _mark(user_id: int) -> str:
    return f"chat:{user_id}:"
