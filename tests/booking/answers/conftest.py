"""A confirmed and mailed call, and a mailbox that answers to it come into."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.service import history
from app.booking import queries, service
from app.booking.answers.service_intake import specialists_concerned, take
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.models import Attendee, Booking, Proposal
from app.booking.values import CallValue
from app.config import Settings
from app.invites.replies import Outcome
from app.lib.db import write
from app.mail.incoming import read_mail
from app.mail.models import OutgoingMail
from app.mail.service_incoming import identity_of
from app.mail.values import Received
from tests.booking.core.desk import NOW, TUESDAY, Desk
from tests.support.answers import answer_to, stamp
from tests.support.replica import open_calendar
from tests.world import build_world

HOUR = timedelta(hours=1)


@dataclass
class Post(Desk):
    """A desk that mails its calls, and takes what comes back."""

    def invited(self, start: datetime = TUESDAY) -> CallValue:
        """A call of Vera's with Sam that the calendar has, its invitation posted."""
        call = self.book(self.world.vera, start)
        values = {"status": "confirmed", "confirmed_at": self.now, "written_sequence": 0}
        self.session.execute(update(Booking).where(Booking.id == call.id).values(**values))
        self.session.commit()
        return self.mail(call, Kind.INVITATION)

    def mail(self, call: CallValue, kind: Kind) -> CallValue:
        """A letter about the call as it is now."""

        def work(session: Session) -> CallValue:
            fresh = queries.required_call(session, call.id)
            post_letter(session, self.now, self.settings, fresh, Occasion(kind))
            return fresh

        return write(self.session, [], work)

    def moved(self, call: CallValue, start: datetime) -> CallValue:
        """Sam moves the call and the calendar has it: the contact is invited anew."""
        self.move(self.world.sam.user, call, start)
        span = {"starts_at": start, "ends_at": start + call.length}
        values = span | {"move_starts_at": None, "move_ends_at": None}
        self.session.execute(update(Booking).where(Booking.id == call.id).values(**values))
        self.session.commit()
        return self.mail(call, Kind.UPDATED)

    def take(self, content: bytes) -> Outcome:
        """A mail is judged, as the pass does it."""
        facts = read_mail(content, self.settings.mail_authserv_id)
        received = Received(identity_of(facts, len(content), content), len(content), facts)
        people = specialists_concerned(self.session, received)
        return write(self.session, people, lambda s: take(s, self.now, self.settings, received))

    def answer(self, partstat: str, **changes: Any) -> Outcome:
        """Vera answers her last invitation now."""
        return self.take(answer_to(self.invitation(), partstat, **({"stamped_at": self.now} | changes)))

    def propose(self, start: datetime, **changes: Any) -> Outcome:
        """Vera proposes another time, of half an hour."""
        end = start + HOUR / 2
        times = {"start": f"DTSTART:{stamp(start)}", "end": f"DTEND:{stamp(end)}"}
        return self.answer("TENTATIVE", method="COUNTER", **(times | changes))

    def invitation(self) -> EmailMessage:
        return [mail for kind, mail in self.letters() if kind in ("invitation", "updated")][-1]

    def letters(self) -> list[tuple[str, EmailMessage]]:
        """Kind and message of everything mailed, in order."""
        self.session.rollback()
        rows = self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        parsed = [(row.subject_key, message_from_bytes(row.content, policy=policy.default)) for row in rows]
        return [(key.split(":")[3], mail) for key, mail in parsed if isinstance(mail, EmailMessage)]

    def kinds(self) -> list[str]:
        return [kind for kind, _mail in self.letters()]

    def partstats(self) -> list[str]:
        self.session.rollback()
        return list(self.session.scalars(select(Attendee.partstat).order_by(Attendee.id)))

    def proposals(self) -> list[tuple[datetime, str]]:
        self.session.rollback()
        rows = self.session.execute(select(Proposal.starts_at, Proposal.state).order_by(Proposal.id))
        return [(row.starts_at, row.state) for row in rows]

    def facts(self, call: CallValue) -> list[tuple[str, str]]:
        self.session.rollback()
        return [(fact.verb, fact.actor) for fact in history(self.session, "booking", call.public_id)]

    def now_of(self, call: CallValue) -> CallValue:
        self.session.rollback()
        return service.call_of(self.session, self.world.sam.user, call.public_id)

    def colleague(self, call: CallValue, email: str = "olga@nordwind.example") -> None:
        """Somebody else of Vera's company is invited too."""
        row = Attendee(booking_id=call.id, email=email, name="Olga", added_at=self.now)
        row.organizer, row.sent_sequence = "calls+olga@attache.example", call.sequence
        self.session.add(row)
        self.session.commit()


def open_post(session: Session, settings: Settings) -> Post:
    """The cast with open calendars, at NOW."""
    world = build_world(session, NOW)
    for specialist in (world.sam, world.rita):
        open_calendar(session, settings, NOW, specialist.id)
    return Post(session, settings, world)


@pytest.fixture
def desk_of_post(session: Session, make_settings: Any) -> Post:
    """A desk whose settings name a mailbox (that nobody listens at)."""
    return open_post(session, make_settings(IMAP_URL="imap://u:p@127.0.0.1:1"))
