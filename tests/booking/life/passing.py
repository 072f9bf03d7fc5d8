"""A company passes from Sam to Lev or back: planned, confirmed, told, and then its calls one by one."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.booking.handover import queries, service
from app.booking.handover.service_calls import Decision, cancel_call, keep, try_again
from app.booking.handover.values import SETTLED, CallState, HandOverValue, Stage
from app.booking.values import CallValue
from app.mail.models import OutgoingMail
from tests.booking.life.calls import Calls, number
from tests.booking.life.causes import is_taken_over
from tests.booking.life.model import Passing
from tests.world import Member


class Passings(Calls):
    """Hand-overs of Nordwind and Sever."""

    @rule(who=st.booleans(), days=st.sampled_from([0, 1, 1, 4, 10]))
    def plan_hand_over(self, who: bool, days: int) -> None:
        stage, member = self.stage, self.contact(who)
        company = member.profile
        to = self.other(self._dedicated(company.company_id))
        day = self.today() + timedelta(days=days)
        is_open = any(item.company_id == company.company_id for item in self.model.passing.values())

        def work(session: Session) -> HandOverValue:
            ids = (company.company_public_id, to.profile.public_id)
            return service.plan(session, stage.now, stage.settings, stage.world.ada.user, *ids, day, "")

        planned = self.attempt(stage.world.ada.id, lambda: stage.write_for_all(work))
        assert (planned is not None) == (days > 0 and not is_open)
        if planned is not None:
            self.model.passing[planned.public_id] = Passing(company.company_id, to.id, day)
            self._is_mailed(to.email)

    @precondition(lambda self: self._planned())
    @rule(which=number, verb=st.sampled_from(["confirm", "confirm", "confirm", "decline", "call off"]))
    def answer_plan(self, which: int, verb: str) -> None:
        stage, public_id = self.stage, self._planned()[which % len(self._planned())]
        plan, ada = self.model.passing[public_id], stage.world.ada
        coming, leaving = stage.hosts[plan.to], self.other(plan.to)

        def work(session: Session) -> bool:
            if verb == "confirm":
                service.confirm(session, stage.now, stage.settings, coming.user, public_id)
            elif verb == "decline":
                service.decline(session, stage.now, stage.settings, coming.user, public_id, "")
            else:
                service.call_off(session, stage.now, ada.user, public_id)
            return True

        assert self.attempt(coming.id, lambda: stage.write_for_all(work), must=True)
        if verb != "confirm":
            del self.model.passing[public_id]
            self._is_mailed(*([ada.email] if verb == "decline" else []))
            return
        plan.is_confirmed, plan.day = True, max(plan.day, self.today() + timedelta(days=1))
        self.model.assigned.setdefault(plan.company_id, []).append((plan.day, plan.to))
        self._is_mailed(self._contact(plan).email, leaving.email, ada.email)
        assert self.attempt(coming.id, lambda: stage.write_for_all(work), must=True)
        self._is_mailed(self._contact(plan).email, leaving.email, ada.email)

    @precondition(lambda self: any(not plan.is_told for plan in self.model.passing.values()))
    @rule()
    def post_goes_out(self) -> None:
        """The mail server has all that was written so far; the next pass finds that."""
        session = self.stage.session
        session.execute(update(OutgoingMail).values(state="sent"))
        session.commit()
        for plan in self.model.passing.values():
            plan.is_told = plan.is_confirmed

    @precondition(lambda self: self.passing_calls())
    @rule(which=number, by=number, verb=st.sampled_from(["keep", "again", "cancel"]))
    def decide_on_call(self, which: int, by: int, verb: str) -> None:
        stage, known = self.stage, self.passing_calls()
        public_id, call = known[which % len(known)]
        plan = self.model.passing[public_id]
        user = (stage.world.ada, stage.hosts[plan.to], self.other(plan.to))[by % 3].user
        do = {"keep": keep, "again": try_again, "cancel": cancel_call}[verb]

        def work(session: Session) -> bool:
            do(session, stage.now, stage.settings, Decision(user, public_id, call.public_id))
            return True

        done = self.attempt(user.id, lambda: stage.write_for_all(work), may=[call.id])
        if done:
            self.model.stuck.discard((public_id, call.id))
            (self.model.staying.add if verb == "keep" else self.model.staying.discard)((public_id, call.id))
        new = self.model.calls[call.id]
        if done and verb == "cancel":
            assert new.status == "cancelled"
        elif done:
            assert (new.specialist, new.status, new.span, new.sequence) == (
                call.specialist,
                call.status,
                call.span,
                call.sequence,
            )
            assert new.successor_id is None or verb == "again"

    def passing_calls(self) -> list[tuple[str, CallValue]]:
        """The calls of hand-overs under way that are not settled, or are kept."""
        session, found = self.stage.session, []
        for public_id, plan in self.model.passing.items():
            if plan.is_told:
                hand_over = queries.find(session, public_id)
                states = queries.passing(session, hand_over.id).items()
                undone = [key for key, item in states if item.state not in SETTLED - {CallState.KEPT}]
                found += [(public_id, self.model.calls[key]) for key in undone]
        session.rollback()
        return found

    def hand_overs_have_come_on(self) -> None:
        """After a look: each is as far as it may be, and calls that are stuck are told of once."""
        session = self.stage.session
        for public_id, plan in list(self.model.passing.items()):
            hand_over = queries.find(session, public_id)
            waits = Stage.TELLING if plan.is_confirmed else Stage.PLANNED
            assert hand_over.stage in ({Stage.MOVING, Stage.DONE} if plan.is_told else {waits})
            assert hand_over.starts_on == plan.day
            states = queries.passing(session, hand_over.id).items()
            stuck = {(public_id, key) for key, item in states if item.state is CallState.STUCK}
            told = [one.recipient for one in self.news() if one.key[1:3] == [str(hand_over.id), "stuck"]]
            readers = {host.email for host in self.stage.hosts.values()} | {self.stage.world.ada.email}
            assert sorted(told) == sorted(readers if stuck - self.model.stuck else []), (told, stuck)
            self.model.stuck = {item for item in self.model.stuck if item[0] != public_id} | stuck
            if hand_over.stage is Stage.DONE:
                assert plan.day <= self.today()
                del self.model.passing[public_id]
        session.rollback()

    def calls_are_with_whoever_serves(self) -> None:
        """After a quiet while: what was to pass on did, unless it is kept or cannot, which is told."""
        session = self.stage.session
        for public_id, plan in self.model.passing.items():
            if not plan.is_told:
                continue
            hand_over = queries.find(session, public_id)
            states = queries.passing(session, hand_over.id)
            for call in self.model.calls.values():
                if call.company_id != plan.company_id or call.start <= self.stage.now or not call.is_active:
                    continue
                if self.day_of(call) < plan.day or call.specialist.user_id in {plan.to, self._served(call)}:
                    continue
                item = states[call.id]
                assert item.state in {CallState.KEPT, CallState.STUCK}, (item, call)
        session.rollback()

    def watch(self, step: Callable[[], None]) -> None:
        """Who takes a call over and who gives it away are told so, and each guest once."""
        before = self.model.seen
        super().watch(step)
        for key, new in self.model.calls.items():
            old = before.calls[key]
            if is_taken_over(old, new) and new.sequence == old.sequence + 1:
                about = ["booking", str(key), str(new.sequence)]
                told = sorted(letter.recipient for letter in self.news() if letter.key[:3] == about)
                both = (old.specialist.email, new.specialist.email)
                assert told == sorted([*both, new.contact_email, *self.model.seen.guests[key]]), told

    def _served(self, call: CallValue) -> int | None:
        return self.serves(call.company_id, self.day_of(call))

    def _dedicated(self, company_id: int) -> int:
        begun = [to for day, to in self.model.assigned.get(company_id, []) if day <= self.today()]
        return begun[-1] if begun else self.stage.world.sam.id

    def _planned(self) -> list[str]:
        return [key for key, plan in self.model.passing.items() if not plan.is_confirmed]

    def _contact(self, plan: Passing) -> Member:
        world = self.stage.world
        return next(one for one in (world.vera, world.pavel) if one.profile.company_id == plan.company_id)

    def _is_mailed(self, *addresses: str) -> None:
        written = sorted(letter.recipient for letter in self.news())
        assert written == sorted(addresses), written
