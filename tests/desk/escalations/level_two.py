"""Level 2 as entry points use it: three seniors, and a clock that tests move on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import SENIOR, SignedIn
from app.config import Settings
from app.customers.models import Specialist
from app.desk.escalations import queries, service
from app.desk.escalations.jobs import escalation_pass
from app.desk.escalations.models import OnCallWeek
from app.desk.escalations.values import Cause, EscalationValue
from app.desk.requests import queries as request_queries
from app.desk.requests import service as requests
from app.desk.requests.values import RequestValue
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, ConversationValue, Side, Written
from app.lib.db import write
from app.lib.tokens import new_public_id
from app.mail.jobs import mail_pass
from app.mail.models import OutgoingMail
from tests.desk.wanted import wanted
from tests.support.mail import mail_text
from tests.world import Member, World, build_world

T = TypeVar("T")
MINUTE = timedelta(minutes=1)


@dataclass
class LevelTwo:
    """The cast with the seniors Lev, Mia and Nils (in this order by name), who read English, at ``now``."""

    session: Session
    settings: Settings
    now: datetime
    world: World = field(init=False)

    def __post_init__(self) -> None:
        build_world(self.session, self.now)
        self.session.execute(update(User).where(User.role == SENIOR).values(language="en"))
        self.session.commit()
        self.world = build_world(self.session, self.now)
        self.lev = self.world.lev.user
        self.mia, self.nils = (self._senior(name) for name in ("Mia Falk", "Nils Berg"))
        self.session.commit()

    def _senior(self, name: str) -> SignedIn:
        address = f"{name.split()[0].lower()}@attache.example"
        row = User(public_id=new_public_id(), email=address, name=name, role=SENIOR, language="en")
        row.time_zone, row.is_active, row.created_at = "Europe/Bratislava", True, self.now
        self.session.add(row)
        self.session.flush()
        titles = {"en": "Senior support engineer"}
        facts = {"titles": titles, "country": "SK", "phone": "", "spoken_languages": "en", "room_url": ""}
        self.session.add(Specialist(user_id=row.id, **facts))
        return SignedIn(row.id, row.public_id, name, address, SENIOR, "en", row.time_zone)

    def write(self, work: Callable[[Session], T]) -> T:
        return write(self.session, [], work)

    def put_on_call(self, senior: SignedIn) -> None:
        monday = queries.monday_of(self.now, self.settings)
        self.session.add(OnCallWeek(monday=monday, senior_id=senior.id))
        self.session.commit()

    def request(self, severity: int, who: Member | None = None) -> RequestValue:
        vera = who or self.world.vera
        asked = wanted(
            vera,
            severity,
            f"{self.now}",
            subject="Nobody can sign in",
            text="All pages answer with an error.",
        )
        return self.write(lambda s: requests.open_request(s, self.now, self.settings, asked))

    def close_account(self, who: SignedIn) -> None:
        self.session.get_one(User, who.id).is_active = False
        self.session.commit()

    def standing(self, who: Member) -> ConversationValue:
        """The contact's own conversation."""
        return self.write(lambda s: standing_conversation(s, self.now, who.profile, Channel.CHAT))

    def request_now(self, request: RequestValue) -> RequestValue:
        self.session.rollback()
        return request_queries.request_of(self.session, request.conversation.id)

    def change_severity(self, request: RequestValue, severity: int) -> None:
        vera, number = self.world.vera.user, request.conversation.id
        self.write(
            lambda s: requests.change_severity(s, self.now, self.settings, vera, number, severity, "Worse")
        )

    def solve(self, request: RequestValue) -> None:
        sam, number = self.world.sam.user, request.conversation.id
        self.write(lambda s: requests.solve(s, self.now, self.settings, sam, number))

    def say(self, request: RequestValue, who: SignedIn) -> None:
        side = Side.STAFF if who.is_staff else Side.CUSTOMER
        written = Written(side, Channel.PAGE, "We look at it.", f"{self.now}", who.id, who.name)
        self.write(lambda s: write_message(s, self.now, self.settings, request.conversation.id, written))

    def escalate(self, request: RequestValue, who: SignedIn, note: str = "") -> EscalationValue:
        cause = Cause.SPECIALIST if who.is_staff else Cause.CUSTOMER
        number = request.conversation.id
        return self.write(lambda s: service.escalate(s, self.now, self.settings, number, cause, who, note))

    def take(self, found: EscalationValue, who: SignedIn) -> EscalationValue:
        return self.write(lambda s: service.take(s, self.now, self.settings, who, found.public_id))

    def decline(self, found: EscalationValue, who: SignedIn) -> EscalationValue:
        return self.write(lambda s: service.decline(s, self.now, self.settings, who, found.public_id))

    def end(self, found: EscalationValue, who: SignedIn) -> EscalationValue:
        return self.write(lambda s: service.end(s, self.now, self.settings, who, found.public_id))

    def later(self, minutes: float) -> None:
        """Time passes, and the worker looks."""
        self.now += minutes * MINUTE
        escalation_pass(self.session, self.settings, self.now)

    def deliver(self) -> None:
        """The post goes out, also what has to wait for an earlier mail to the same reader."""
        for _ in range(3):
            mail_pass(self.session, self.settings, self.now)

    def level_two(self, request: RequestValue) -> EscalationValue:
        self.session.rollback()
        found = queries.of_conversation(self.session, request.conversation.id)
        assert found is not None
        return found

    def asked(self, request: RequestValue) -> list[str]:
        """Who was asked, in order, each by the first name."""
        return [item.name.split()[0] for item in self.level_two(request).asks]

    def mails(self, what: str = "") -> list[tuple[str, str]]:
        """To whom and about what mails on level 2 were written, in order; those whose keys say ``what``."""
        return [
            (str(mail["To"]).partition("@")[0].rpartition("<")[2], mail["Subject"])
            for mail in self._mails(what)
        ]

    def texts(self, what: str) -> list[str]:
        """What those mails say."""
        return [mail_text(mail) for mail in self._mails(what)]

    def _mails(self, what: str) -> list[EmailMessage]:
        self.session.rollback()
        rows = self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        kept = [row for row in rows if row.subject_key.startswith("escalation:") and what in row.subject_key]
        return [message_from_bytes(row.content, policy=policy.default) for row in kept]
