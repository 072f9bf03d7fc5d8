"""What people are mailed in a play: each change once, in order, to everybody who should know of it."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
from hypothesis.stateful import invariant
from sqlalchemy import select

from app.booking.values import CallValue
from app.mail.models import OutgoingMail
from tests.booking.life.model import OVER, Told
from tests.booking.life.watched import Watched


@dataclass(frozen=True)
class Letter:
    """A mail with the key that makes it one of its kind."""

    key: list[str]
    recipient: str
    created_at: datetime
    mail: EmailMessage

    @property
    def message(self) -> tuple[str, icalendar.Event] | None:
        """METHOD and event of its iTIP part, if it has one."""
        parts = [part for part in self.mail.walk() if part.get_content_type() == "text/calendar"]
        if not parts:
            return None
        calendar = icalendar.Calendar.from_ical(parts[0].get_payload(decode=True))
        (event,) = calendar.walk("VEVENT")
        return str(calendar["METHOD"]), event


class Mailed(Watched):
    """A play whose mails are read."""

    def news(self) -> list[Letter]:
        """What was mailed since the last look at it."""
        session = self.stage.session
        columns = (
            OutgoingMail.id,
            OutgoingMail.subject_key,
            OutgoingMail.recipient,
            OutgoingMail.created_at,
            OutgoingMail.content,
        )
        wanted = select(*columns).where(OutgoingMail.id > self.model.last_mail).order_by(OutgoingMail.id)
        rows = session.execute(wanted).all()
        session.rollback()
        found = []
        for row in rows:
            mail = message_from_bytes(row.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            found.append(Letter(row.subject_key.split(":"), row.recipient, row.created_at, mail))
            self.last_read = row.id
        return found

    @invariant()
    def each_change_is_mailed_once_and_in_order(self) -> None:
        news = self.news()
        # Who was asked for and cannot come is told of, though it leaves the call as everybody knows it.
        about_leaving = {letter.key[1] for letter in news if "senior_gone" in letter.key}
        for letter in news:
            self.model.last_mail = self.last_read
            self._is_in_order(letter, says_new=letter.key[1] not in about_leaving)
            if "reminder" in letter.key:
                self._is_a_reminder(letter)

    def _is_in_order(self, letter: Letter, *, says_new: bool) -> None:
        """SEQUENCE goes up with each message; who is off the call hears no more, unless invited again."""
        message = letter.message
        if message is None:
            return
        method, event = message
        told = self.model.told.setdefault((str(event["UID"]), letter.recipient), Told())
        sequence = int(event["SEQUENCE"])
        assert str(event["ATTENDEE"]).lower() == f"mailto:{letter.recipient}"
        if method == "DECLINECOUNTER":
            assert told.method == "REQUEST" and sequence <= told.sequence, (told, sequence)
            return
        is_guest = letter.key[-1].startswith("guest-")
        assert told.method != "CANCEL" or (is_guest and method == "REQUEST"), "after the end nothing follows"
        assert sequence > told.sequence, ("each SEQUENCE is mailed once", letter.key, told)
        says = tuple(str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION") if name in event)
        is_same = (told.method, told.starts_at, told.says) == (method, event["DTSTART"].dt, says)
        assert not (says_new and is_same), ("a mail says something new", letter.key)
        told.method, told.sequence, told.says = method, sequence, says
        told.starts_at, told.mail = event["DTSTART"].dt, letter.mail

    def _is_a_reminder(self, letter: Letter) -> None:
        call = self.model.calls[int(letter.key[1])]
        assert call.status == "confirmed" and call.move is None and letter.created_at < call.start
        assert letter.key[2] == f"{call.start:%Y%m%dT%H%M}" and letter.recipient == call.contact_email

    def everybody_knows(self, call: CallValue) -> None:
        """After a quiet while all who are invited were told when it is and with whom, and nobody else."""
        guests = self.model.seen.guests[call.id]
        invited = {call.contact_email, *guests}
        told = {address: told for (uid, address), told in self.model.told.items() if uid == call.uid}
        for address, last in told.items():
            if call.status in OVER or address not in invited:
                assert last.method != "REQUEST", "who was invited hears that it is off"
        if call.status in OVER or call.confirmed_at is None or call.start <= self.stage.now:
            return
        for address in invited:
            last = told.get(address, Told())
            assert (last.method, last.starts_at) == ("REQUEST", call.start), (address, last, call)
            names = last.says[0]
            people = {person.user_id for person in call.people}
            for number, member in self.stage.hosts.items():
                assert (member.user.name in names) == (number in people), (names, call)
