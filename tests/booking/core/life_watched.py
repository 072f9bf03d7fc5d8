"""What a random play of calls' lives is held against: the model, and what holds after every step."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from typing import TypeVar

import icalendar
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import select

from app.availability.models import Reservation
from app.booking.values import CallValue, HeldCall
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.mail.models import OutgoingMail
from app.verify.service import verify
from tests.booking.core.life_ground import Stage

Made = TypeVar("Made", CallValue, HeldCall)

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


def _taken(calls: Mapping[int, CallValue], without: int | None) -> list[Interval]:
    """What calls take, buffers included; while one moves, both times."""
    return [
        call.rules.taken_by(at)
        for call in calls.values()
        if call.is_active and call.id != without
        for at in {call.start, call.move.start if call.move else call.start}
    ]


class Watched(RuleBasedStateMachine):
    """A play whose every step is held against the model."""

    stage: Stage
    model: Model
    before: dict[int, CallValue]

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

    def everything_agrees(self) -> None:
        """After a quiet while calendar, mails and database say the same."""
        stage = self.stage
        found = verify(stage.session, stage.now, stage.settings)
        stage.session.rollback()
        wrong = [line for line in found if not _FOR_PEOPLE.match(line)]
        assert not wrong, wrong
        standing = stage.standing()
        for call in self.model.calls.values():
            spans = [item.span for item in standing if item.uid == call.uid]
            told = self.model.told.get(call.uid, Told())
            if call.status in OVER:
                assert spans == [] or call.end <= stage.now, (spans, call)
                assert told.method != "REQUEST", "who was invited hears that it is off"
            elif call.start > stage.now and call.asked_at is None:
                assert call.move is None and call.status in {"confirmed", "clash"}, call
                if call.status == "confirmed":
                    assert spans == [call.span], (spans, call)
                if call.confirmed_at is not None:
                    assert (told.method, told.starts_at) == ("REQUEST", call.start), (told, call)

    # How a step is watched.

    def attempt(self, step: Callable[[], Made], *, must: bool = False) -> Made | None:
        """What a person's step gave, None when it was refused; nothing else has changed then."""
        before = self.before = self.model.calls
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

    def watch(self, step: Callable[[], None]) -> None:
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

    def require_free(self, span: Interval, *, without: int | None = None) -> None:
        """No call had it, as the model knew before the last step."""
        taken = _taken(self.before, without)
        assert not any(span.overlaps(other) for other in taken), (span, taken)
