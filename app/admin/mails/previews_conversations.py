"""Sample values for the mails about conversations, composed by what writes the real ones."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from app.desk.letters.letter import (
    Addressee,
    DeskMail,
    House,
    Matter,
    message_mail,
    opened_mail,
    severity_mail,
    solved_mail,
)
from app.desk.mailbox.receipts import Standing, astray_mail, not_entitled_mail, receipt_mail, too_large_mail
from app.desk.requests.values import ClockName, ClockValue, RequestValue
from app.desk.values import Channel, ConversationValue, MessageValue, Side

_NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_VERA, _SAM = "Vera Lindqvist", "Sam Okafor"
TEMPLATE = "desk"


def desk_mail(name: str, subject: str, language: str, house: House) -> DeskMail:
    """What the mail of this name, one of DESK_MAILS, is made from."""
    is_staff = name.endswith("_at_home")
    reader = Addressee(
        user_id=2 if is_staff else 1,
        name=_SAM if is_staff else _VERA,
        email="vera@company.example",
        language=language,
        zone="Europe/Bratislava" if is_staff else "Europe/Berlin",
        is_staff=is_staff,
        reply_to="calls@company.example",
    )
    return _COMPOSE[name](_matter(subject), reader, house)


def _matter(subject: str) -> Matter:
    conversation = ConversationValue(
        id=1,
        public_id="…",
        company_id=1,
        company_public_id="…",
        company_name="Nordwind",
        contact_id=1,
        contact_name=_VERA,
        contact_email="vera@company.example",
        contact_language="en",
        contact_time_zone="Europe/Berlin",
        subject=subject,
        channel=Channel.MAIL,
        opened_at=_NOW,
        last_at=_NOW,
        last_number=1,
        request_id=42,
    )
    clocks = {
        name: ClockValue(name, 3, _NOW + hours * _HOUR, None, None, "", None)
        for name, hours in ((ClockName.FIRST_RESPONSE, 2), (ClockName.NEXT_STEP, 48))
    }
    request = RequestValue(42, conversation, 1, 3, _NOW, None, None, None, None, clocks, ())
    return Matter(conversation, request)


def _said(matter: Matter, *, by_customer: bool) -> MessageValue:
    return MessageValue(
        id=1,
        public_id="…",
        conversation_id=1,
        number=1,
        side=Side.CUSTOMER if by_customer else Side.STAFF,
        channel=Channel.MAIL,
        author_id=None,
        author_name=_VERA if by_customer else _SAM,
        text=matter.conversation.subject,
        quoted="",
        html="",
        is_internal=False,
        happening="",
        facts={"before": 5, "after": 3},
        written_at=_NOW,
    )


_Compose = Callable[[Matter, Addressee, House], DeskMail]


def _about(
    compose: Callable[[Matter, MessageValue, Addressee, House], DeskMail],
    matter: Matter,
    reader: Addressee,
    house: House,
    *,
    by_customer: bool,
) -> DeskMail:
    return compose(matter, _said(matter, by_customer=by_customer), reader, house)


def _one(matter: Matter, message: MessageValue, reader: Addressee, house: House) -> DeskMail:
    return message_mail(matter, (message,), reader, house)


def _receipt(opening: datetime | None, matter: Matter, reader: Addressee, house: House) -> DeskMail:
    return receipt_mail(matter, Standing(_SAM, opening, runs_always=False), reader, house)


_COMPOSE: Mapping[str, _Compose] = {
    "desk_opened": partial(_about, opened_mail, by_customer=True),
    "desk_opened_at_home": partial(_about, opened_mail, by_customer=True),
    "desk_message": partial(_about, _one, by_customer=False),
    "desk_message_at_home": partial(_about, _one, by_customer=True),
    "desk_severity": partial(_about, severity_mail, by_customer=False),
    "desk_severity_at_home": partial(_about, severity_mail, by_customer=True),
    "desk_solved": partial(_about, solved_mail, by_customer=False),
    "desk_solved_at_home": partial(_about, solved_mail, by_customer=True),
    "desk_receipt": partial(_receipt, None),
    "desk_receipt_closed": partial(_receipt, _NOW + 22 * _HOUR),
    "desk_too_large": lambda matter, reader, house: too_large_mail(
        matter.conversation.subject, 25, reader, house
    ),
    "desk_astray_at_home": lambda matter, reader, house: astray_mail(
        matter.conversation.subject, reader, house
    ),
    "desk_not_entitled": lambda _matter, reader, house: not_entitled_mail(reader, house),
}
DESK_MAILS = frozenset(_COMPOSE)
