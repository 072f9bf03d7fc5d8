"""What comes back by mail: guests say yes or no, or would rather have another time."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.booking.service import accept_proposal, decline_proposal
from app.booking.values import CallValue
from app.invites.replies import Outcome
from app.lib.intervals import Interval
from tests.booking.life.calls import Calls, elsewhere, number
from tests.booking.life.model import Told
from tests.booking.life.watched import people_in
from tests.support.answers import answer_to, stamp


class Answers(Calls):
    """A mailbox that is read."""

    @precondition(lambda self: self.invited())
    @rule(which=number, partstat=st.sampled_from(["ACCEPTED", "TENTATIVE", "DECLINED"]))
    def reply(self, which: int, partstat: str) -> None:
        call, address, told = self._invitation(which)
        assert told.mail is not None
        content = answer_to(told.mail, partstat, stamped_at=self.stage.now)
        said = self.attempt(0, lambda: self.stage.receive(content), may=[call.id])
        assert said is (self._of_anybody(call, address) or Outcome.APPLIED)
        assert self.model.calls[call.id] == call, "the call stands whatever they say"
        again = self.attempt(0, lambda: self.stage.receive(content))
        assert again is said

    @precondition(lambda self: self.invited())
    @rule(which=number, at=elsewhere)
    def counter(self, which: int, at: datetime) -> None:
        call, address, told = self._invitation(which)
        assert told.mail is not None
        times = {"start": f"DTSTART:{stamp(at)}", "end": f"DTEND:{stamp(at + call.length)}"}
        content = answer_to(told.mail, "TENTATIVE", method="COUNTER", stamped_at=self.stage.now, **times)
        said = self.attempt(0, lambda: self.stage.receive(content), may=[call.id])
        assert said is (self._of_anybody(call, address) or self._of_proposal(call, at))
        assert self.model.calls[call.id] == call, "a proposal moves nothing by itself"
        if said is Outcome.PROPOSED and call.start > self.stage.now:
            mine = [
                item.span
                for item in self.model.seen.proposals.values()
                if (item.call.id, item.guest.email) == (call.id, address)
            ]
            assert mine == [Interval(at, at + call.length)], "a new proposal takes the place of the last"
        written = [letter.recipient for letter in self.news()]
        assert written in ([], [self.host(call).email]) and (said is Outcome.PROPOSED or not written)

    @precondition(lambda self: self.model.seen.proposals)
    @rule(which=number)
    def accept(self, which: int) -> None:
        stage = self.stage
        proposals = list(self.model.seen.proposals.values())
        wish = proposals[which % len(proposals)]
        call = self.model.calls[wish.call.id]
        user = self.host(call).user

        def work() -> CallValue:
            return stage.write_as(
                user,
                call,
                lambda s: accept_proposal(s, stage.now, stage.settings, user, call.public_id, wish.public_id),
            )

        moved = self.attempt(user.id, work, may=[call.id])
        if moved is None:
            return
        assert (moved.move, moved.span) == (None if wish.span == call.span else wish.span, call.span)
        if wish.span not in {call.span, call.move}:
            self.require_free(
                call.rules.taken_by(wish.span.start), people_in(call), who=user.id, without=call.id
            )
        assert wish.public_id not in self.model.seen.proposals

    @precondition(lambda self: self.model.seen.proposals)
    @rule(which=number)
    def turn_down(self, which: int) -> None:
        stage = self.stage
        proposals = list(self.model.seen.proposals.values())
        wish = proposals[which % len(proposals)]
        call = self.model.calls[wish.call.id]
        user = self.host(call).user

        def work() -> bool:
            stage.write_as(
                user,
                call,
                lambda s: decline_proposal(
                    s, stage.now, stage.settings, user, call.public_id, wish.public_id
                ),
            )
            return True

        assert self.attempt(user.id, work, may=[call.id], must=True)
        assert self.model.calls[call.id] == call
        (letter,) = self.news()
        message = letter.message
        assert message is not None and message[0] == "DECLINECOUNTER"
        assert letter.recipient == wish.guest.email and wish.public_id not in self.model.seen.proposals

    def invited(self) -> list[tuple[CallValue, str, Told]]:
        """Everybody's last invitation."""
        by_uid = {call.uid: call for call in self.model.calls.values()}
        return [(by_uid[uid], who, told) for (uid, who), told in self.model.told.items() if told.mail]

    def _invitation(self, which: int) -> tuple[CallValue, str, Told]:
        invited = self.invited()
        return invited[which % len(invited)]

    def _of_anybody(self, call: CallValue, address: str) -> Outcome | None:
        """What an answer is worth that cannot count; None for one that can."""
        if address not in {call.contact_email, *self.model.seen.guests[call.id]}:
            return Outcome.STRANGER
        return None if call.is_active and self.stage.now < call.end else Outcome.ENDED

    def _of_proposal(self, call: CallValue, at: datetime) -> Outcome:
        if call.move is not None:
            return Outcome.STALE
        if at <= self.stage.now:
            return Outcome.PAST
        return Outcome.NOTHING if at == call.start else Outcome.PROPOSED
