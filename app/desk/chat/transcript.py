"""A chat as a mail, for somebody who was in it."""

from collections.abc import Sequence
from datetime import date

from app.accounts.values import CONTACT, SignedIn
from app.config import Settings
from app.desk.chat.pages import TranscriptDay, TranscriptLine, TranscriptMail
from app.desk.chat.values import SpokenLine
from app.desk.values import ConversationValue
from app.lib import wording
from app.mail.draft import Draft, Party
from app.mail.wording import letter, words


def transcript_letter(
    settings: Settings, reader: SignedIn, chat: ConversationValue, spoken: Sequence[SpokenLine], today: date
) -> Draft:
    """What was said, in order, by days and the clock of whoever reads it."""
    _ = words(reader.language).gettext
    name = settings.organisation if reader.role == CONTACT else f"{chat.contact_name}, {chat.company_name}"
    title = _("Your chat with %(name)s, as of %(day)s") % {
        "name": name,
        "day": wording.day_plain(today, reader.language),
    }
    path = "chat" if reader.role == CONTACT else f"chats/{chat.public_id}"
    mail = TranscriptMail(
        organisation=settings.organisation,
        title=title,
        zone=wording.zone_line(chat.last_at, reader.time_zone, reader.language),
        days=_days(spoken, reader),
        url=f"{settings.public_url}/{path}",
    )
    return letter(settings, "transcript", mail, title, Party(reader.email, reader.name), reader.language)


def _days(spoken: Sequence[SpokenLine], reader: SignedIn) -> tuple[TranscriptDay, ...]:
    found: dict[date, list[TranscriptLine]] = {}
    for line in spoken:
        day = wording.local_date(line.written_at, reader.time_zone)
        time = wording.clock(line.written_at, reader.time_zone)
        files = tuple(file.name for file in line.files)
        found.setdefault(day, []).append(TranscriptLine(time, line.name, line.text, files))
    return tuple(
        TranscriptDay(wording.day_long(day, reader.language), tuple(lines)) for day, lines in found.items()
    )
