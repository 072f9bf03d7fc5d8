"""A letter becomes a message: in the conversation that it goes on with, or in one of its own."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.profiles import ContactProfile
from app.customers.service import contact_profile
from app.desk.files.errors import FileRefused
from app.desk.files.kinds import MOST_BYTES_TOGETHER, MOST_FILES, new_file
from app.desk.mailbox import queries
from app.desk.mailbox.letter import Letter
from app.desk.mailbox.values import Delivered
from app.desk.requests.service import open_request
from app.desk.requests.values import NewRequest
from app.desk.service import standing_conversation, write_message
from app.desk.values import MOST_TEXT, Channel, ConversationValue, NewFile, Side, Written
from app.mail.wording import words

# Whoever opens more requests by mail in a day is a program, or needs a person.
_MOST_OPENED = 20
# Generous, because a note that is taken for an answer goes to the customer: it also counts below what is
# repeated, and after signs that nobody sees.
_INTERNAL = re.compile(
    r"\A[\s\u200b-\u200d\ufeff]*#\s*(?:int|внутр)[^\n]*(?:\n|\Z)|^\s*#\s*(?:internal|внутренн\w*)[\s.:!]*$",
    re.IGNORECASE | re.MULTILINE,
)


def write_contact_mail(
    session: Session,
    now: datetime,
    settings: Settings,
    contact: SignedIn,
    delivered: Delivered,
    found: ConversationValue | None,
    author: tuple[int | None, str],
) -> ConversationValue:
    """A contact's mail goes on with a conversation, or opens a request of the least severity.

    What answers another mail of ours, or was written by a program, goes into the contact's own conversation.
    ``author`` is the id and the name of who wrote it.
    """
    letter = delivered.letter
    profile = contact_profile(session, contact.id)
    if found is None and _opens_request(session, now, contact, letter):
        asked = _new_request(settings, profile, delivered, author)
        return open_request(session, now, settings, asked).conversation
    title = ""
    if found is None:
        # It says what the mail is about, which the conversation's own name does not.
        found, title = standing_conversation(session, now, profile, Channel.MAIL), letter.subject
    body = _body(letter, contact.language)
    written = Written(
        side=Side.CUSTOMER,
        channel=Channel.MAIL,
        text=f"{title}\n\n{body.text}".strip()[:MOST_TEXT],
        key=delivered.key,
        author_id=author[0],
        author_name=author[1],
        quoted=body.quoted,
        html="" if title else body.html,
        mail_id=letter.message_id,
        files=body.files,
    )
    write_message(session, now, settings, found.id, written)
    return found


def _new_request(
    settings: Settings, profile: ContactProfile, delivered: Delivered, author: tuple[int | None, str]
) -> NewRequest:
    letter = delivered.letter
    body = _body(letter, profile.language)
    return NewRequest(
        company_id=profile.company_id,
        contact_id=profile.user_id,
        severity=max(item.severity for item in settings.response_times),
        subject=letter.subject or words(profile.language).gettext("Mail without a subject"),
        text=body.text,
        key=delivered.key,
        side=Side.CUSTOMER,
        channel=Channel.MAIL,
        author_id=author[0],
        author_name=author[1],
        html=body.html,
        quoted=body.quoted,
        mail_id=letter.message_id,
        files=body.files,
    )


@dataclass(frozen=True, slots=True)
class _Body:
    text: str
    quoted: str
    html: str
    files: tuple[NewFile, ...]


def _body(letter: Letter, language: str) -> _Body:
    """What a contact wrote; of a mail that only repeats, that is their words.

    HTML stands for the text where there is some, so there is none where the text says more.
    """
    files, refused = _files(letter)
    has_own = bool(letter.text or files)
    text = letter.text if has_own else letter.quoted or letter.subject
    return _Body(
        _with_refused(text, refused, language),
        letter.quoted if has_own else "",
        "" if refused else letter.html,
        files,
    )


def write_staff_mail(
    session: Session,
    now: datetime,
    settings: Settings,
    person: SignedIn,
    delivered: Delivered,
    found: ConversationValue,
) -> None:
    """One of us answers by mail; a line of ``#internal`` keeps all of it among us.

    What it repeats is left out: below it may stand what was never meant for the customer.
    """
    letter = delivered.letter
    text = _INTERNAL.sub("", letter.text).strip()
    files, refused = _files(letter)
    written = Written(
        side=Side.STAFF,
        channel=Channel.MAIL,
        text=_with_refused(text, refused, person.language),
        key=delivered.key,
        author_id=person.id,
        author_name=person.name,
        is_internal=bool(_INTERNAL.search(letter.text)),
        mail_id=letter.message_id,
        files=files,
    )
    write_message(session, now, settings, found.id, written)


def _opens_request(session: Session, now: datetime, contact: SignedIn, letter: Letter) -> bool:
    if not letter.may_be_answered or queries.answers_ours(session, letter.answers):
        return False
    return queries.opened_by_mail(session, now, contact.id) < _MOST_OPENED


def _files(letter: Letter) -> tuple[tuple[NewFile, ...], tuple[str, ...]]:
    """The files to keep, and the names of those that are not taken in."""
    kept: list[NewFile] = []
    refused: list[str] = []
    room = MOST_BYTES_TOGETHER
    for file in letter.files:
        try:
            found = new_file(file.name, file.content)
        except FileRefused as error:
            refused.append(error.name or file.name)
            continue
        if len(kept) == MOST_FILES or len(found.content) > room:
            refused.append(found.name)
            continue
        room -= len(found.content)
        kept.append(found)
    return tuple(kept), tuple(refused)


def _with_refused(text: str, refused: tuple[str, ...], language: str) -> str:
    if not refused:
        return text
    say = words(language).ngettext("Not kept: %(names)s", "Not kept: %(names)s", len(refused))
    note = f"[{say % {'names': ', '.join(refused)}}]"[:1000]
    return f"{text[: MOST_TEXT - len(note) - 2]}\n\n{note}".strip()
