"""Erasing a contact: what happened stays, without anything that tells who it was."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.models import ApiToken, AuditEntry, SignInLink, User, UserSession
from app.accounts.models_proofs import KnownDevice
from app.accounts.service import record
from app.accounts.values import CONTACT, SignedIn
from app.availability.service import release
from app.booking import queries as booking_queries
from app.booking.events import event_for_specialist
from app.booking.exporting import queries
from app.booking.exporting.errors import CallsAhead, MailOnItsWay
from app.booking.exporting.personal_data import ERASED_NAME, erased_address, kept_detail, mentions
from app.booking.exporting.values import Erased
from app.booking.lifecycle import ACTIVE
from app.booking.models import Attendee, Booking, FeedLink, Hold, IdempotencyKey, Proposal, Waiting
from app.calendars.models import CalendarObject
from app.config import Settings
from app.customers.models import Contact
from app.ical.event import write_event
from app.mail.models import IncomingMail, OutgoingMail

_WAITING = "waiting"


def calls_ahead(session: Session, now: datetime, public_id: str) -> list[str]:
    """The references of the contact's calls that must be cancelled before they can be erased."""
    ahead = func.coalesce(Booking.move_ends_at, Booking.ends_at) > now
    wanted = select(Booking.reference).join(User, User.id == Booking.contact_id)
    conditions = (User.public_id == public_id, Booking.status.in_(ACTIVE), or_(ahead, Booking.ends_at > now))
    return list(session.scalars(wanted.where(*conditions).order_by(Booking.starts_at)))


def erase_contact(
    session: Session, now: datetime, settings: Settings, actor: SignedIn | str, public_id: str
) -> Erased:
    """Erase all personal data of a contact for ever; the address is free for somebody new afterwards.

    Under the write lock of everybody whose time their calls may take. Raises NotFound for somebody who is
    no contact, CallsAhead, MailOnItsWay; nothing is erased then.
    """
    user = queries.contact_row(session, User.public_id == public_id)
    if user is None:
        raise NotFound(f"no contact {public_id}")
    if ahead := calls_ahead(session, now, public_id):
        raise CallsAhead(ahead)
    erasing = _Erasing(session, now, settings, user)
    erasing.mails()
    erasing.audit_log()
    erasing.belongings()
    erasing.calls()
    erasing.person()
    record(session, now, actor, "erased", "user", user.id)
    return Erased(erasing.replica())


class _Erasing:
    """One erasure: what is looked for, and the steps, each over some tables."""

    def __init__(self, session: Session, now: datetime, settings: Settings, user: User) -> None:
        self.session, self.now, self.settings, self.user = session, now, settings, user
        self.mark = erased_address(user.public_id)
        rows = session.execute(
            select(Booking.id, Booking.public_id, Booking.uid).where(Booking.contact_id == user.id)
        ).all()
        self.ids = [row.id for row in rows]
        self.public_ids = [row.public_id for row in rows]
        self.uids = [row.uid for row in rows]
        self.guests = self._guests()

    def _guests(self) -> list[str]:
        """The colleagues that they added and who are nobody here themselves."""
        known = select(User.email)
        invited = select(Attendee.email).where(
            Attendee.booking_id.in_(self.ids), Attendee.email.not_in(known)
        )
        return sorted(set(self.session.scalars(invited)))

    def mails(self) -> None:
        """Contents are emptied; that something was sent, about what and when, stays."""
        about = OutgoingMail.thread.in_([f"booking:{number}" for number in self.ids])
        keys = [OutgoingMail.subject_key.startswith(f"booking:{number}:") for number in self.ids]
        theirs = or_(OutgoingMail.recipient == self.user.email, about, *keys)
        is_waiting = OutgoingMail.state == _WAITING
        waiting = select(OutgoingMail.id).where(theirs, is_waiting)
        if self.session.execute(waiting.limit(1)).first() or self._named_in(is_waiting):
            raise MailOnItsWay
        staff = select(User.email).where(User.role != CONTACT)
        told_to_staff = self._named_in(OutgoingMail.recipient.in_(staff))
        emptied = [*self.session.scalars(select(OutgoingMail.id).where(theirs)), *told_to_staff]
        some = OutgoingMail.id.in_(emptied)
        self.session.execute(update(OutgoingMail).where(some).values(content=b"", detail=""))
        to_them = OutgoingMail.recipient.in_([self.user.email, *self.guests])
        self.session.execute(update(OutgoingMail).where(some, to_them).values(recipient=self.mark))
        sent = func.lower(IncomingMail.sender).in_([self.user.email, *self.guests])
        self.session.execute(update(IncomingMail).where(sent).values(sender=self.mark, subject="", detail=""))
        # Reports of mail that came back are of no sender, and their subjects often say whose it was.
        texts = [text.casefold() for text in (self.user.email, self.user.name, *self.guests)]
        rows = self.session.execute(select(IncomingMail.id, IncomingMail.subject, IncomingMail.detail))
        named = [row.id for row in rows if any(text in f"{row[1]} {row[2]}".casefold() for text in texts)]
        of_them = IncomingMail.id.in_(named)
        self.session.execute(update(IncomingMail).where(of_them).values(subject="", detail=""))

    def _named_in(self, which: ColumnElement[bool]) -> list[int]:
        """Those messages that name them, like the list of several people's calls gone from a calendar."""
        texts = [self.user.email, self.user.name, *self.guests]
        rows = self.session.execute(
            select(OutgoingMail.id, OutgoingMail.content).where(
                which, OutgoingMail.created_at >= self.user.created_at
            )
        )
        return [number for number, content in rows if content and mentions(content, texts)]

    def audit_log(self) -> None:
        """Who did what to what and when stays; names, addresses and what people wrote go."""
        links = list(self.session.scalars(select(FeedLink.public_id).where(FeedLink.user_id == self.user.id)))
        by_them = queries.is_by(self.user.id, [self.user.email, *self.guests])
        about = or_(
            queries.is_about("booking", self.public_ids),
            queries.is_about("feed", links),
            queries.is_about("user", [str(self.user.id)]),
        )
        rows = self.session.execute(
            select(AuditEntry.id, AuditEntry.detail).where(
                or_(by_them, *about), AuditEntry.detail.is_not(None)
            )
        ).all()
        for number, detail in rows:
            if (kept := kept_detail(detail)) != detail:
                self.session.execute(update(AuditEntry).where(AuditEntry.id == number).values(detail=kept))
        # The address of a client tells where somebody was.
        client = (by_them, AuditEntry.object_type == "client")
        self.session.execute(update(AuditEntry).where(*client).values(object_id=""))
        self.session.execute(update(AuditEntry).where(by_them).values(actor=ERASED_NAME, client_address=""))

    def belongings(self) -> None:
        """Sessions, links, tokens, keys, the hold and places in the waiting list go."""
        user_id = self.user.id
        kept: list[int] = []
        for model in (Hold, Waiting):
            columns = (model.reservation_id, model.senior_reservation_id)
            found = self.session.execute(select(*columns).where(model.contact_id == user_id))
            kept += [number for row in found for number in row if number is not None]
        for owner in (
            Hold.contact_id,
            Waiting.contact_id,
            IdempotencyKey.contact_id,
            FeedLink.user_id,
            UserSession.user_id,
            KnownDevice.user_id,
            ApiToken.user_id,
        ):
            self.session.execute(delete(owner.class_).where(owner == user_id))
        release(self.session, kept)
        asked = or_(SignInLink.user_id == user_id, func.lower(SignInLink.email) == self.user.email)
        self.session.execute(delete(SignInLink).where(asked))

    def calls(self) -> None:
        """Times, kinds and outcomes stay; what was written about a call goes."""
        nothing = {
            "topic": "",
            "answers": [],
            "phone": "",
            "note": "",
            "private_note": "",
            "ended_reason": "",
        }
        self._change(Booking, Booking.id.in_(self.ids), changed_at=self.now, **nothing)
        self._change(Proposal, Proposal.booking_id.in_(self.ids), comment="")
        theirs = or_(Attendee.booking_id.in_(self.ids), Attendee.email == self.user.email)
        invited = self.session.execute(select(Attendee.id, Attendee.is_contact).where(theirs)).all()
        # Nobody writes to them any more about somebody else's call.
        as_guest = (
            Attendee.email == self.user.email,
            Attendee.is_contact.is_(False),
            Attendee.removed_at.is_(None),
        )
        self.session.execute(update(Attendee).where(*as_guest).values(removed_at=self.now))
        for number, is_contact in invited:
            name = ERASED_NAME if is_contact else ""
            address = erased_address(str(number))
            self._change(Attendee, Attendee.id == number, email=address, name=name, comment="")
            self._change(Proposal, Proposal.attendee_id == number, comment="")

    def _change(self, model: type, condition: ColumnElement[bool], **values: object) -> None:
        self.session.execute(update(model).where(condition).values(**values))

    def person(self) -> None:
        """The row stays for what refers to it."""
        self._change(Contact, Contact.user_id == self.user.id, phone="", wants_reminders=False)
        self.user.name, self.user.email, self.user.time_zone = ERASED_NAME, self.mark, "UTC"
        self.user.is_active, self.user.erased_at = False, self.now
        self.session.flush()

    def replica(self) -> int:
        """The copies of events on calendar servers say no more here; how many there are."""
        rows = self.session.execute(
            select(CalendarObject.id, CalendarObject.uid).where(CalendarObject.uid.in_(self.uids))
        ).all()
        found = booking_queries.calls(
            self.session, Booking.uid.in_([row.uid for row in rows]), limit=len(rows)
        )
        texts = {
            call.uid: write_event(event_for_specialist(call, call.span, self.settings.public_url))
            for call in found
        }
        for number, uid in rows:
            self._change(CalendarObject, CalendarObject.id == number, text=texts[uid])
        return len(rows)
