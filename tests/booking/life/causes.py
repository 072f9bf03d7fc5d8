"""What the worker makes of a call must have a cause: in a calendar, in time, or in what people decided."""

from app.booking.values import CallValue
from app.lib.intervals import Interval
from tests.booking.life.serving import Serving


class Causes(Serving):
    """Judging one call before and after a step of the worker."""

    def has_cause(self, old: CallValue, new: CallValue, others: list[Interval]) -> None:
        """Calls whose event was touched by its owner may go where that leads; the others may not."""
        assert new.sequence >= old.sequence
        if not old.is_active:
            assert (new.status, new.sequence) == (old.status, old.sequence)
            return
        if old.id in self.model.touched:
            return
        now, target = self.stage.now, old.move or old.span
        is_met = any(target.overlaps(other) or old.span.overlaps(other) for other in others)
        if is_taken_over(old, new):
            assert (new.status, new.span, new.sequence) == ("confirmed", old.span, old.sequence + 1)
            assert (new.senior, new.move, new.successor_id) == (old.senior, None, None)
            return
        assert new.specialist.user_id == old.specialist.user_id, (old, new)
        came_along = old.id in self.model.along
        if old.senior is not None and new.senior is None:
            assert came_along or is_met or old.id in self.model.touched_copies, "the senior was dropped"
            assert new.sequence == old.sequence + (0 if came_along and new.move is None else 1), (old, new)
        else:
            assert new.senior == old.senior and new.sequence == old.sequence, (old, new)
        if new.status == "declined":
            assert old.status == "pending" and is_met
        elif new.status == "expired":
            assert old.status == "pending" and old.start <= now
        elif new.status == "confirmed":
            is_arrived = old.move is not None and new.span == old.move
            assert is_arrived or new.span == old.span
            if old.move is not None and new.move is None and not is_arrived:
                assert is_met or min(old.start, target.start) <= now, "dropped without a cause"
        else:
            assert new.status == old.status and new.span == old.span, (old, new)

    def passes_with_a_cause(self, old: CallValue, new: CallValue, others: list[Interval]) -> None:
        """Who is to take a call over serves its company that day, by a hand-over that people were told of."""
        if new.successor_id == old.successor_id or is_taken_over(old, new):
            return
        if new.successor_id is None:
            is_met = any(old.span.overlaps(other) for other in others)
            is_changed = new.span != old.span or not new.is_active or old.id in self.model.touched
            assert is_met or is_changed or old.start <= self.stage.now, ("stays without a cause", old, new)
            return
        assert any(
            one.is_told
            and (public_id, new.id) not in self.model.staying
            and one.company_id == new.company_id
            and one.day <= self.day(new.start)
            and new.successor_id in {self.serves(new.company_id, self.day(new.start)), one.to}
            for public_id, one in self.model.passing.items()
        ), ("passes without a cause", old, new)


def is_taken_over(old: CallValue, new: CallValue) -> bool:
    """Whether who was to take the call over has it now."""
    return old.successor_id is not None and new.specialist.user_id == old.successor_id
