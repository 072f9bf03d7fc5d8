"""Short ways to book series as one of the cast."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.accounts.values import SignedIn
from app.booking import service
from app.booking.series.values import Repeat, SeriesPlan, SeriesRequest, SeriesValue
from tests.booking.core.desk import TUESDAY, Desk
from tests.world import Member

SIX = Repeat(1, count=6)


class SeriesDesk(Desk):
    """Series as an entry point books them."""

    def plan(
        self, member: Member, start: datetime = TUESDAY, repeat: Repeat = SIX, senior: str = ""
    ) -> SeriesPlan:
        call = ("product-support", start, repeat, None, senior)
        found = service.plan_series(self.session, self.now, self.settings, member.id, *call)
        self.session.rollback()
        return found

    def wanted(self, repeat: Repeat = SIX, start: datetime = TUESDAY, **changes: Any) -> SeriesRequest:
        choices = {name: changes.pop(name) for name in ("skip", "instead") if name in changes}
        return replace(SeriesRequest(self.request(start, **changes), repeat), **choices)

    def book_series(self, member: Member, wanted: SeriesRequest | None = None) -> SeriesValue:
        request = wanted or self.wanted()
        return self._write(
            member.id,
            lambda s: service.book_series(s, self.now, self.settings, member.id, request),
            senior=request.call.senior,
        )

    def cancel_rest(self, user: SignedIn, series: SeriesValue, reason: str = "") -> SeriesValue:
        number = series.public_id
        return self._write(
            user.id, lambda s: service.cancel_rest(s, self.now, self.settings, user, number, reason)
        )
