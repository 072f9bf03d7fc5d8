"""Calls' lives played at random against a model: what should be, as plain Python values."""

import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import ClassVar

import icalendar
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from app.accounts.values import SignedIn
from app.availability.models import Reservation
from app.booking.values import CallValue, HeldCall
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from app.verify.service import verify
from tests.booking.core.life_ground import NOW, Ground, Stage
from tests.world import Member

HALF_HOUR, HOUR, MINUTE = timedelta(minutes=30), timedelta(hours=1), timedelta(minutes=1)
TUESDAY = datetime(2027, 11, 2, 9, 0, tzinfo=UTC)
# Near each other, so that calls meet; on the day itself, so that they begin; one on a holiday.
STARTS = (
    NOW + 3 * HOUR,
    NOW + 4 * HOUR,
    datetime(2027, 11, 1, 9, 0, tzinfo=UTC),
    TUESDAY,
    TUESDAY + HALF_HOUR,
    TUESDAY + HOUR,
    TUESDAY + 3 * HOUR,
)
start = st.sampled_from(STARTS)
number = st.integers(0, 30)
slug = st.sampled_from(["product-support", "feature-training"])
OVER = frozenset({"cancelled", "declined", "expired"})
# What stays so until somebody has answered or settled it.
_FOR_PEOPLE = re.compile(r"V2 .* asked about since")


@dataclass
class Told:
    """What a call's contact was mailed: the last METHOD, SEQUENCE and start of its invitations."""

    method: str = ""
    sequence: int = -1
    starts_at: datetime | None = None


@dataclass
class Model:
    """What should be.

    ``calls`` as they were after the last step, ``touched`` those whose event its owner changed since the last
    quiet moment, ``told`` by UID, ``seen`` the highest SEQUENCE by UID in the calendar.
    """

    calls: dict[int, CallValue] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    told: dict[str, Told] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    appointments: list[str] = field(default_factory=list)
    holds: dict[int, HeldCall] = field(default_factory=dict)
    last_mail: int = 0

    def taken(self, *, without: int | None = None) -> list[Interval]:
        """What calls take, buffers included; while one moves, both times."""
        return [
            call.rules.taken_by(at)
            for call in self.calls.values()
            if call.is_active and call.id != without
            for at in {call.start, call.move.start if call.move else call.start}
        ]


class Life(RuleBasedStateMachine):
    """One play; a subclass says on which ground."""

    ground: ClassVar[Ground]

    @initialize()
    def begin(self) -> None:
        self.open = ExitStack()
        self.stage: Stage = self.open.enter_context(self.ground.stage())
        self.model = Model()

    def teardown(self) -> None:
        if hasattr(self, "open"):
            with self.open:
                # A play that failed is not played on.
                if sys.exc_info()[0] is None:
                    self.quiet()

    # What people do.

    @rule(who=st.booleans(), at=start, kind=slug)
    def book(self, who: bool, at: datetime, kind: str) -> None:
        member, stage = self._contact(who), self.stage
        is_offered = at in stage.open_starts(member, kind)
        call = self._try(lambda: stage.book(member, at, slug=kind), must=is_offered)
        if call is not None:
            assert (call.status, call.start, call.sequence) == ("pending", at, 0)
            self._is_free(call.rules.taken_by(at))
            assert at >= stage.now + call.rules.notice

    @rule(who=st.booleans(), at=start, kind=slug)
    def hold(self, who: bool, at: datetime, kind: str) -> None:
        member = self._contact(who)
        held = self._try(lambda: self.stage.hold(member, at, slug=kind))
        if held is not None:
            self._is_free(held.call_type.rules.taken_by(at))
            self.model.holds[member.id] = held

    @precondition(lambda self: self.model.holds)
    @rule(who=st.booleans())
    def book_what_is_held(self, who: bool) -> None:
        member, stage = self._contact(who), self.stage
        held = self.model.holds.pop(member.id, None)
        if held is None:
            return
        is_kept = stage.now < held.expires_at and held.start >= stage.now + held.call_type.rules.notice
        kind = held.call_type.slug
        call = self._try(lambda: stage.book(member, held.start, hold=held.public_id, slug=kind))
        assert call is None or (call.start, call.status) == (held.start, "pending")
        assert call is None or is_kept, "a hold that has run out books nothing"

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number, at=start)
    def move(self, which: int, who: int, at: datetime) -> None:
        call = self._call(which)
        moved = self._try(lambda: self.stage.move(self._anybody(call, who), call, at))
        if moved is not None:
            self._is_free(call.rules.taken_by(at), without=call.id)
            assert moved.start == call.start and moved.status == call.status
            wanted = Interval(at, at + call.length)
            assert moved.move == (None if at == call.start else wanted)

    @precondition(lambda self: self.model.calls)
    @rule(which=number, who=number)
    def cancel(self, which: int, who: int) -> None:
        call = self._call(which)
        gone = self._try(lambda: self.stage.cancel(self._anybody(call, who), call))
        assert gone is None or (gone.status, gone.move) == ("cancelled", None)

    @rule(at=start)
    def appoint(self, at: datetime) -> None:
        name = f"own-{len(self.model.appointments)}"
        self.model.appointments.append(name)
        self.stage.appoint(name, Interval(at, at + HALF_HOUR))

    @precondition(lambda self: self.model.appointments)
    @rule()
    def give_up_appointment(self) -> None:
        self.stage.take_away(self.model.appointments.pop())

    @precondition(lambda self: self.model.calls)
    @rule(which=number, at=start)
    def drag(self, which: int, at: datetime) -> None:
        self.stage.drag(self._touched(which), at)

    @precondition(lambda self: self.model.calls)
    @rule(which=number)
    def take_out(self, which: int) -> None:
        self.stage.take_away(self._touched(which).uid)

    @precondition(lambda self: self.model.calls)
    @rule(which=number)
    def retitle(self, which: int) -> None:
        self.stage.retitle(self._call(which))

    # What the worker and the clock do.

    @rule()
    def look(self) -> None:
        self._pass(61 * timedelta(seconds=1))
        self._watch(self.stage.look)

    @rule()
    def work(self) -> None:
        self._watch(self.stage.work)

    @rule(minutes=st.sampled_from([1, 6, 60, 170, 1440]))
    def time_passes(self, minutes: int) -> None:
        self._pass(minutes * MINUTE)
        self._watch(self.stage.look)
        self._watch(self.stage.passes)

    @rule()
    def quiet(self) -> None:
        """Nobody does anything for some minutes: then everything agrees."""
        for _ in range(4):
            self._pass(70 * timedelta(seconds=1))
            self._watch(self.stage.look)
            self._watch(self.stage.work)
        self.each_change_is_mailed_once_and_in_order()
        self._everything_agrees()
        self.model.touched.clear()

    def _everything_agrees(self) -> None:
        stage = self.stage
        wrong = [line for line in verify(stage.session, stage.now, stage.settings)]
        stage.session.rollback()
        assert [line for line in wrong if not _FOR_PEOPLE.match(line)] == []
        standing = stage.standing()
        for call in self.model.calls.values():
            spans = [item.span for item in standing if item.uid == call.uid]
            told = self.model.told.get(call.uid, Told())
            if call.status in OVER:
                assert spans == [] or call.end <= stage.now, call
                assert told.method != "REQUEST", "who was invited hears that it is off"
            elif call.start > stage.now and call.asked_at is None:
                assert call.move is None and call.status in {"confirmed", "clash"}, call
                if call.status == "confirmed":
                    assert spans == [call.span], call
                if call.confirmed_at is not None:
                    assert (told.method, told.starts_at) == ("REQUEST", call.start), call

    # What holds after every step.

    @invariant()
    def nobody_is_taken_twice(self) -> None:
        session = self.stage.session
        rows = session.execute(
            select(Reservation.starts_at, Reservation.ends_at, Reservation.booking_id, Reservation.expires_at)
        ).all()
        session.rollback()
        spans = sorted(Interval(row.starts_at, row.ends_at) for row in rows)
        assert all(left.end <= right.start for left, right in zip(spans, spans[1:], strict=False)), spans
        for call in self.model.calls.values():
            mine = [Interval(row.starts_at, row.ends_at) for row in rows if row.booking_id == call.id]
            wanted = {call.start, call.move.start if call.move else call.start} if call.is_active else set()
            for at in wanted:
                span = call.rules.taken_by(at)
                assert any(one.start <= span.start and span.end <= one.end for one in mine), call
            assert bool(mine) == bool(wanted), call

    @invariant()
    def sequence_in_the_calendar_never_falls(self) -> None:
        for item in self.stage.standing():
            assert item.sequence >= self.model.seen.get(item.uid, 0), item
            self.model.seen[item.uid] = item.sequence

    @invariant()
    def each_change_is_mailed_once_and_in_order(self) -> None:
        session = self.stage.session
        rows = session.execute(
            select(OutgoingMail.id, OutgoingMail.subject_key, OutgoingMail.content, OutgoingMail.created_at)
            .where(OutgoingMail.id > self.model.last_mail)
            .order_by(OutgoingMail.id)
        ).all()
        session.rollback()
        for row in rows:
            self.model.last_mail = row.id
            self._is_in_order(row.content)
            if ":reminder:" in row.subject_key:
                call = self.model.calls[int(row.subject_key.split(":")[1])]
                assert call.status == "confirmed" and call.move is None and row.created_at < call.start
                assert row.subject_key.split(":")[2] == f"{call.start:%Y%m%dT%H%M}"

    def _is_in_order(self, content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        for part in mail.walk():
            if part.get_content_type() != "text/calendar":
                continue
            calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
            (event,) = calendar.walk("VEVENT")
            told = self.model.told.setdefault(str(event["UID"]), Told())
            assert told.method != "CANCEL", "after the end nothing follows"
            assert int(event["SEQUENCE"]) > told.sequence, "each SEQUENCE is mailed once"
            told.method, told.sequence = str(calendar["METHOD"]), int(event["SEQUENCE"])
            told.starts_at = event["DTSTART"].dt

    # How a step is watched.

    def _try(self, step, must: bool = False):  # type: ignore[no-untyped-def]
        """What a person's step gave, None when it was refused; nothing else has changed then."""
        before = self.model.calls
        try:
            done = step()
        except DomainError as refused:
            self.stage.session.rollback()
            assert not must or type(refused).__name__ == "AlreadyYours", f"offered, but {refused!r}"
            assert self.stage.calls() == before
            return None
        self._others_unchanged(before, done)
        return done

    def _others_unchanged(self, before: dict[int, CallValue], done: CallValue | HeldCall) -> None:
        own = done.id if isinstance(done, CallValue) else None
        after = self.stage.calls()
        assert {key: call for key, call in after.items() if key != own} == {
            key: call for key, call in before.items() if key != own
        }
        if own is not None and own in before:
            assert after[own].sequence in {before[own].sequence, before[own].sequence + 1}
        self.model.calls = after

    def _watch(self, step) -> None:  # type: ignore[no-untyped-def]
        """A step of the worker: what it makes of each call must have a cause."""
        before, standing = self.model.calls, self.stage.standing()
        step()
        after = self.stage.calls()
        assert after.keys() == before.keys()
        for key, call in after.items():
            self._has_cause(before[key], call, [item.span for item in standing if item.uid != call.uid])
        self.model.calls = after

    def _has_cause(self, old: CallValue, new: CallValue, others: list[Interval]) -> None:
        """Calls whose event was touched by its owner may go where that leads; the others may not."""
        assert new.sequence >= old.sequence
        if old.status in OVER:
            assert new.status == old.status and new.sequence == old.sequence
            return
        if old.id in self.model.touched:
            return
        target = old.move or old.span
        is_met = any(target.overlaps(other) for other in others)
        assert new.sequence == old.sequence, (old, new)
        if new.status == "declined":
            assert old.status == "pending" and is_met
        elif new.status == "expired":
            assert old.status == "pending" and old.start <= self.stage.now
        elif new.status == "confirmed":
            is_arrived = old.move is not None and new.span == old.move
            assert is_arrived or new.span == old.span
            if old.move is not None and new.move is None and not is_arrived:
                assert is_met or min(old.start, target.start) <= self.stage.now, "dropped without a cause"
        else:
            assert new.status == old.status and new.span == old.span, (old, new)

    def _is_free(self, span: Interval, without: int | None = None) -> None:
        """As the model knew it before the step; the calls of the step itself are left out."""
        own = [call.id for call in self.model.calls.values() if call.rules.taken_by(call.start) == span]
        taken = self.model.taken(without=without if without is not None else next(iter(own), None))
        assert not any(span.overlaps(other) for other in taken), (span, taken)

    def _pass(self, length: timedelta) -> None:
        self.stage.now += length

    def _contact(self, who: bool) -> Member:
        return self.stage.world.vera if who else self.stage.world.pavel

    def _anybody(self, call: CallValue, who: int) -> SignedIn:
        world = self.stage.world
        contact = next(member for member in (world.vera, world.pavel) if member.id == call.contact_id)
        return (contact, world.sam, world.ada)[who % 3].user

    def _call(self, which: int) -> CallValue:
        calls = list(self.model.calls.values())
        return calls[which % len(calls)]

    def _touched(self, which: int) -> CallValue:
        call = self._call(which)
        self.model.touched.add(call.id)
        return call
