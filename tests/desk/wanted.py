"""What a contact asks for, as tests open it."""

from dataclasses import replace

from app.desk.requests.values import NewRequest
from app.desk.values import Channel, Side
from tests.world import Member


def wanted(who: Member, severity: int, key: str, **changes: object) -> NewRequest:
    """A contact's request of this severity from the page, with what is to be different."""
    request = NewRequest(
        company_id=who.profile.company_id,
        contact_id=who.id,
        severity=severity,
        subject="Export stops",
        text="It stops at 10,000 rows.",
        key=key,
        side=Side.CUSTOMER,
        channel=Channel.PAGE,
        author_id=who.id,
        author_name=who.user.name,
    )
    return replace(request, **changes)  # type: ignore[arg-type]
