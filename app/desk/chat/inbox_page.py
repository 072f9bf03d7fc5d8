"""The inbox of chats in its reader's words."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.booking.in_words import Reader, day_name, initials
from app.desk.chat.pages import InboxLine, InboxPage
from app.desk.chat.values import ChatRow
from app.desk.values import Side
from app.lib import wording
from app.lib.paging import Slice

_SHOWN = 120


def inbox_page(
    rows: Slice[ChatRow],
    reader: Reader,
    now: datetime,
    chat_url: Callable[[str], str],
    page_url: Callable[..., str],
) -> InboxPage:
    """The page; ``chat_url`` makes the address of a chat, ``page_url`` that of a page of the list."""
    return InboxPage(
        lines=tuple(_line(row, reader, now, chat_url(row.public_id)) for row in rows.items),
        before_url=page_url(before=rows.before) if rows.before else "",
        after_url=page_url(after=rows.after) if rows.after else "",
    )


def _line(row: ChatRow, reader: Reader, now: datetime, url: str) -> InboxLine:
    name = row.contact_name or _("Former contact")
    words = " ".join(row.text.split()) or _("A file")
    said = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
    if row.side is Side.STAFF:
        said = f"{row.author_name}: {said}"
    return InboxLine(
        url=url,
        contact=name,
        company=row.company_name,
        initials=initials(name),
        said=said,
        when=f"{day_name(row.last_at, reader, now)}, {wording.clock(row.last_at, reader.zone)}",
        unread=ngettext("%(num)s new message", "%(num)s new messages", row.unread) if row.unread else "",
    )
