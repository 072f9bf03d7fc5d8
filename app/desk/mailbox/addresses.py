"""The address that one person answers to in one conversation: who knows it got our mail."""

import base64
import re

from app.config import Settings
from app.lib.tokens import equal, keyed_digest

_TAG_BYTES = 16
# A local part has at most 64 octets (RFC 5321, 4.5.3.1.1).
_LONGEST_LOCAL = 64
_TAGGED = re.compile(r"\+(\d{1,10})-([a-z2-7]{26})$")


def reply_address(settings: Settings, conversation_id: int, person: str) -> str:
    """Where this person's answers go: with a tag of 128 bits, where the mail server delivers such addresses.

    Empty where there is no mailbox that they could come to.
    """
    if not settings.reads_answers:
        return ""
    local, _at, domain = settings.desk_address.rpartition("@")
    tagged = f"{local}+{conversation_id}-{_tag(settings, conversation_id, person)}"
    if not settings.organizer_tags or len(tagged) > _LONGEST_LOCAL:
        return settings.desk_address
    return f"{tagged}@{domain}"


def answered_conversation(settings: Settings, recipients: frozenset[str], person: str) -> int | None:
    """The conversation of a secret address of this person's that a mail came to, if any.

    ``recipients`` in small letters.
    """
    for address in sorted(recipients):
        found = _TAGGED.search(address.rpartition("@")[0])
        if found and equal(found[2], _tag(settings, int(found[1]), person)):
            return int(found[1])
    return None


def is_ours(settings: Settings, address: str) -> bool:
    """Whether the service itself writes from an address, with or without a tag."""
    own = {settings.mail_from, settings.organizer_address, settings.desk_address}
    return _untagged(address) in {_untagged(item) for item in own}


def _tag(settings: Settings, conversation_id: int, person: str) -> str:
    digest = keyed_digest(settings.secret_key, "conversation", str(conversation_id), person.lower())
    return base64.b32encode(bytes.fromhex(digest)[:_TAG_BYTES]).decode().rstrip("=").lower()


def _untagged(address: str) -> str:
    local, _at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
