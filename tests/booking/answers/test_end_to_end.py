"""The whole way round with real servers: booked, mailed, answered by mail, and what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking import service
from app.booking.answers.jobs import answers_pass
from app.booking.models import Attendee
from app.config import Settings
from app.lib import clock
from app.lib.db import write
from app.mail.jobs import mail_pass
from tests.booking.core.office import Office, open_office, two_starts
from tests.fakes.mail_box import FakeMailbox
from tests.support.answers import answer_to, stamp
from tests.support.dovecot import Dovecot
from tests.support.mail import SmtpSink
from tests.support.radicale import Radicale

VERA = "vera@nordwind.example"


@dataclass
class Round:
    """An office whose mail goes out to a sink, and whose mailbox Vera's program answers into."""

    office: Office
    sink: SmtpSink
    box: FakeMailbox | Dovecot

    def mails(self) -> list[EmailMessage]:
        """What Vera has been sent, after everything that waits went out."""
        sent = -1
        while sent != (sent := len(self.sink.mails)):
            mail_pass(*self.tools)
        return self.sink.to(VERA)

    def answered(self, partstat: str, **changes: Any) -> None:
        """Vera's program answers the last invitation, and the pass comes by, twice."""
        asked = [mail for mail in self.mails() if _has_calendar(mail)][-1]
        self.box.append(answer_to(asked, partstat, stamped_at=clock.now(), **changes))
        for _ in range(2):
            answers_pass(*self.tools)

    @property
    def tools(self) -> tuple[Session, Settings, Any]:
        return self.office.session, self.office.settings, clock.now()

    def partstat(self) -> str:
        self.office.session.rollback()
        return self.office.session.scalars(select(Attendee.partstat)).one()


def _has_calendar(mail: EmailMessage) -> bool:
    return any(part.get_content_type() == "text/calendar" for part in mail.walk())


@pytest.fixture(params=["fake_mailbox", "dovecot"])
def round_trip(
    request: pytest.FixtureRequest,
    session: Session,
    make_settings: Callable[..., Settings],
    radicale: Radicale,
    smtp_sink: SmtpSink,
) -> Round:
    box: FakeMailbox | Dovecot = request.getfixturevalue(request.param)
    return Round(open_office(session, make_settings(IMAP_URL=box.url), radicale), smtp_sink, box)


def test_a_call_declined_by_mail_stands_and_its_contact_is_asked_by_one_mail(round_trip: Round) -> None:
    office = round_trip.office
    call = office.book(office.world.vera, two_starts(office)[0])
    office.work(call)
    round_trip.answered("DECLINED")
    assert round_trip.partstat() == "DECLINED" and office.now_of(call).status == "confirmed"
    assert [str(mail["Subject"]).split(" ")[0] for mail in round_trip.mails()] == ["Invitation:", "You"]
    assert round_trip.box.flags() == [{"\\Seen"}] and len(office.events()) == 1


def test_a_proposal_by_mail_that_is_accepted_moves_the_call_in_the_calendar_too(round_trip: Round) -> None:
    office = round_trip.office
    first, later = two_starts(office)
    call = office.book(office.world.vera, first)
    office.work(call)
    times = {"start": f"DTSTART:{stamp(later)}", "end": f"DTEND:{stamp(later + call.length)}"}
    round_trip.answered("TENTATIVE", method="COUNTER", **times)
    sam, now = office.world.sam.user, clock.now()
    (proposed,) = service.proposals(office.session, now, sam)
    write(
        office.session,
        [sam.id],
        lambda s: service.accept_proposal(s, now, office.settings, sam, call.public_id, proposed.public_id),
    )
    office.work(call)
    (event,) = office.events()
    assert event.start == later and office.now_of(call).start == later
    assert round_trip.partstat() == "NEEDS-ACTION"
    round_trip.answered("ACCEPTED")
    assert round_trip.partstat() == "ACCEPTED"
    assert [str(mail["Subject"]).split(" ")[0] for mail in round_trip.mails()] == ["Invitation:", "Updated:"]
