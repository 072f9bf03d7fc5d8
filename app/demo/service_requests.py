"""Puts the demo's requests into the database, as if they had been asked and answered in their time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import by_email
from app.accounts.values import SignedIn
from app.config import Settings
from app.customers.service import contact_profile
from app.demo.cast import person
from app.demo.requests import CALLBACKS, REQUESTS, DemoCallback, DemoRequest, Move, Turn
from app.desk.callbacks.service import ask
from app.desk.callbacks.values import Asked, Source
from app.desk.models import Conversation
from app.desk.requests.service import change_severity, open_request, solve
from app.desk.requests.values import NewRequest
from app.desk.service import standing_conversation, write_message
from app.desk.values import Channel, NewFile, Side, Written

_A_MINUTE = timedelta(minutes=1)
_CHAT = (
    ("vera", "Good morning Sam, is the new release out today?"),
    ("sam", "Good morning! Tonight at ten. You get a mail when it is done."),
)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where it all goes; ``people`` by their short names."""

    session: Session
    settings: Settings
    people: Mapping[str, SignedIn]


def make_requests(session: Session, now: datetime, settings: Settings) -> None:
    """Make the requests and a chat, unless there is any conversation, or somebody of theirs is gone."""
    if session.scalars(select(Conversation.id).limit(1)).first() is not None:
        return
    names = {asked.who for asked in REQUESTS} | {turn.who for asked in REQUESTS for turn in asked.turns}
    found = {name: by_email(session, person(name).email) for name in names}
    desk = _Desk(session, settings, {name: user for name, user in found.items() if user is not None})
    if len(desk.people) < len(names):
        return
    for number, asked in enumerate(REQUESTS):
        _make(desk, now, number, asked)
    _chat(desk, now)
    for number, wanted in enumerate(CALLBACKS):
        _ask_for_callback(desk, now, number, wanted)


def _make(desk: _Desk, now: datetime, number: int, asked: DemoRequest) -> None:
    at, contact = now - asked.ago, desk.people[asked.who]
    files = (NewFile("export.log", "text/plain", asked.log.encode()),) if asked.log else ()
    wanted = NewRequest(
        company_id=contact_profile(desk.session, contact.id).company_id,
        contact_id=contact.id,
        severity=asked.severity,
        subject=asked.subject,
        text=asked.text,
        key=f"demo:{number}",
        side=Side.CUSTOMER,
        channel=Channel.PAGE,
        author_id=contact.id,
        author_name=contact.name,
        files=files,
    )
    request = open_request(desk.session, at, desk.settings, wanted)
    for place, turn in enumerate(asked.turns):
        _take(desk, at + turn.after, request.conversation.id, f"demo:{number}:{place}", turn)


def _take(desk: _Desk, at: datetime, conversation_id: int, key: str, turn: Turn) -> None:
    who, about = desk.people[turn.who], (desk.session, at, desk.settings)
    if turn.move is Move.SOLVE:
        solve(*about, who, conversation_id)
    elif turn.move is Move.SEVERITY:
        change_severity(*about, who, conversation_id, turn.severity, turn.text)
    else:
        write_message(*about, conversation_id, _written(who, turn, key))


def _written(who: SignedIn, turn: Turn, key: str, channel: Channel = Channel.PAGE) -> Written:
    return Written(
        side=Side.STAFF if who.is_staff else Side.CUSTOMER,
        channel=channel,
        text=turn.text,
        key=key,
        author_id=who.id,
        author_name=who.name,
        is_internal=turn.move is Move.NOTE,
        is_next_step=turn.move is Move.NEXT_STEP,
        waits=turn.move is Move.WAIT,
    )


def _ask_for_callback(desk: _Desk, now: datetime, number: int, wanted: DemoCallback) -> None:
    user = desk.people.get(wanted.who)
    asked = Asked(
        company_id=contact_profile(desk.session, user.id).company_id if user else None,
        contact_id=user.id if user else None,
        number=wanted.number,
        topic=wanted.topic,
        wished_at=None,
        source=Source.PAGE if user else Source.MISSED,
        key=f"demo:callback:{number}",
    )
    ask(desk.session, now - wanted.ago, desk.settings, asked)


def _chat(desk: _Desk, now: datetime) -> None:
    vera = contact_profile(desk.session, desk.people["vera"].id)
    for place, (name, text) in enumerate(_CHAT):
        at = now - (len(_CHAT) - place) * _A_MINUTE
        turn = Turn(_A_MINUTE, name, Move.MESSAGE, text)
        own = standing_conversation(desk.session, at, vera, Channel.CHAT)
        written = _written(desk.people[name], turn, f"demo:chat:{place}", Channel.CHAT)
        write_message(desk.session, at, desk.settings, own.id, written)
