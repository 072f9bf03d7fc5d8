"""After a quiet while calendars, mails, database and history say the same."""

import re
from collections.abc import Sequence

from hypothesis.stateful import invariant
from sqlalchemy import select

from app.accounts.service import history
from app.accounts.values import AuditFact
from app.booking.models import Waiting
from app.booking.values import CallValue
from app.mail.models import OutgoingMail
from app.verify.service import verify
from tests.booking.life.mails import Mailed
from tests.booking.life.model import OVER
from tests.booking.life.watched import people_in

# What stays so until somebody has answered or settled it.
_FOR_PEOPLE = re.compile(r"V2 .* asked about since")
_RAISING = {
    "move_asked",
    "cancelled",
    "followed",
    "senior_added",
    "senior_dropped",
    "senior_left",
    "taken_over",
}
_LEADS_TO = {
    "booked": "pending",
    "confirmed": "confirmed",
    "moved": "confirmed",
    "taken_over": "confirmed",
    "followed": "confirmed",
    "clash_settled": "confirmed",
    "clash": "clash",
    "misplaced": "clash",
    "cancelled": "cancelled",
    "declined": "declined",
    "expired": "expired",
    "took_place": "took_place",
    "no_show": "no_show",
}


class Agreement(Mailed):
    """What is compared."""

    @invariant()
    def sequence_in_a_calendar_never_falls(self) -> None:
        for person in self.stage.servers:
            for item in self.stage.standing(person):
                assert item.sequence >= self.model.written.get((person, item.uid), 0), item
                self.model.written[person, item.uid] = item.sequence

    def everything_agrees(self) -> None:
        """All of it."""
        stage = self.stage
        found = verify(stage.session, stage.now, stage.settings)
        stage.session.rollback()
        wrong = [line for line in found if not _FOR_PEOPLE.match(line)]
        assert not wrong, wrong
        for call in self.model.calls.values():
            self._stands_where_it_should(call)
            self.history_agrees(call)
            if call.asked_at is None:
                self.everybody_knows(call)
        self._each_offer_was_mailed_once()

    def _stands_where_it_should(self, call: CallValue) -> None:
        """One event in the calendar of each who takes part, and none elsewhere."""
        now = self.stage.now
        there = {
            person: [item.span for item in self.stage.standing(person) if item.uid == call.uid]
            for person in self.stage.servers
        }
        if call.status in OVER:
            assert not any(there.values()) or call.end <= now, (there, call)
        elif call.start > now and call.asked_at is None:
            assert call.move is None and call.status in {"confirmed", "clash"}, call
            assert call.successor_id is None, ("passes on for ever", call)
            if call.status == "confirmed":
                people = people_in(call)
                assert there == {person: [call.span] if person in people else [] for person in there}, (
                    there,
                    call,
                )

    def history_agrees(self, call: CallValue) -> None:
        """The audit log, played again, leads to what the call is."""
        facts = history(self.stage.session, "booking", call.public_id)
        self.stage.session.rollback()
        verbs = [fact.verb for fact in facts]
        assert verbs[0] == "booked" and verbs.count("booked") == 1
        assert [_LEADS_TO[verb] for verb in verbs if verb in _LEADS_TO][-1] == call.status, (verbs, call)
        assert sum(verb in _RAISING for verb in verbs) == call.sequence, (verbs, call)
        arrived = [fact for fact in facts if fact.verb in {"booked", "confirmed", "moved", "followed"}]
        assert arrived[-1].detail["start"] == call.start.isoformat(), (verbs, call)
        seniors = [verb for verb in verbs if verb.startswith("senior_") or verb == "move_asked"]
        if seniors and seniors[-1] != "move_asked":
            assert (seniors[-1] in {"senior_added", "senior_joined"}) == (call.senior is not None)
        guests = set[int]()
        for fact in facts:
            if fact.verb == "guest_added":
                guests.add(fact.detail["guest"])
            elif fact.verb == "guest_removed":
                guests.remove(fact.detail["guest"])
        assert len(guests) == len(self.model.seen.guests[call.id]), (verbs, call)

    def _each_offer_was_mailed_once(self) -> None:
        session = self.stage.session
        places = session.scalars(select(Waiting.public_id).order_by(Waiting.id)).all()
        offers = [start for place in places for start in _offers(history(session, "waiting", place))]
        mailed = session.scalars(
            select(OutgoingMail.subject_key).where(OutgoingMail.subject_key.contains(":offer:"))
        ).all()
        session.rollback()
        assert len(offers) == len(mailed), (offers, mailed)


def _offers(facts: Sequence[AuditFact]) -> list[str]:
    """The starts that were offered to a place: the same one again only after it was lost with its person."""
    offers, known = list[str](), set[str]()
    for fact in facts:
        if fact.verb == "lost":
            known.discard(offers[-1])
        elif fact.verb == "offered":
            assert fact.detail["start"] not in known, facts
            offers.append(fact.detail["start"])
            known.add(offers[-1])
    return offers
