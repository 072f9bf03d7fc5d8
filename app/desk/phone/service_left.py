"""What a call leaves behind: a callback, and a customer's voicemail a message in their conversation.

All but ``promised_by`` need a write transaction. Promises count from the minute in which the call came.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.customers.service import contact_profile
from app.desk import service as desk
from app.desk.callbacks import service as callbacks
from app.desk.callbacks.models import Callback
from app.desk.callbacks.values import Asked, Source
from app.desk.models import Message
from app.desk.phone import queries, spoken
from app.desk.phone.models import PhoneCall
from app.desk.phone.values import CallState, PhoneCallValue
from app.desk.values import Channel, NewFile, Side, Written


def put_down(session: Session, now: datetime, settings: Settings, row: PhoneCall, asked_at: datetime) -> None:
    """A call that was recorded or missed becomes a callback, and what a customer said a message.

    Of those whom we do not know only who said something is rung.
    """
    session.flush()
    call = queries.call(session, row.id)
    if call.state not in ({CallState.RECORDED, CallState.MISSED} if call.is_known else {CallState.RECORDED}):
        return
    row.conversation_id = _conversation(session, now, call)
    asked = _asked(call, _line(call), row.conversation_id)
    row.callback_id = callbacks.ask(session, _minute(asked_at), settings, asked).id
    _hand_over(session, row)
    if call.state is CallState.RECORDED and row.conversation_id is not None:
        said = Written(
            side=Side.CUSTOMER,
            channel=Channel.VOICEMAIL,
            text=_line(call),
            key=key_of(call.provider_id),
            author_id=call.contact_id,
            author_name=call.contact_name or call.company_name,
            facts={"phone_call": call.public_id, "seconds": call.seconds, "number": call.number},
        )
        desk.write_message(session, now, settings, row.conversation_id, said)
    session.flush()


def _hand_over(session: Session, row: PhoneCall) -> None:
    """The callback of a caller who was unknown is the contact's from now on; its due moment stays."""
    callback = session.get_one(Callback, row.callback_id)
    if callback.company_id is None:
        callback.company_id, callback.contact_id = row.company_id, row.contact_id
        callback.conversation_id = row.conversation_id
        session.flush()


def promised_by(session: Session, settings: Settings, call: PhoneCallValue) -> datetime:
    """By when the caller is rung who leaves a message in this call."""
    return callbacks.promised_by(session, _minute(call.came_at), settings, _asked(call, "", None))


def attach(session: Session, row: PhoneCall, file: NewFile) -> None:
    """Keep the recording with its message."""
    wanted = select(Message.id).where(
        Message.conversation_id == row.conversation_id, Message.key == key_of(row.provider_id)
    )
    desk.add_files(session, session.scalars(wanted).one(), [file])


def note_lost(session: Session, now: datetime, settings: Settings, row: PhoneCall) -> None:
    """Our people read in the conversation that the recording could not be had."""
    if row.conversation_id is None:
        return
    call = queries.call(session, row.id)
    lost = Written(
        side=Side.SERVICE,
        channel=Channel.VOICEMAIL,
        text=spoken.lost_line(_language(call)),
        key=f"{key_of(call.provider_id)}:lost",
        author_name=settings.organisation,
        is_internal=True,
    )
    desk.write_message(session, now, settings, row.conversation_id, lost)


def key_of(provider_id: str) -> str:
    """What messages and callbacks know a call by."""
    return f"phone:{provider_id}"


def _conversation(session: Session, now: datetime, call: PhoneCallValue) -> int | None:
    """The contact's own; of a number that several contacts share, one of the company's for a voicemail."""
    if call.contact_id is not None:
        contact = contact_profile(session, call.contact_id)
        return desk.standing_conversation(session, now, contact, Channel.VOICEMAIL).id
    if call.company_id is None or call.state is not CallState.RECORDED:
        return None
    return desk.open_conversation(session, now, call.company_id, None, Channel.VOICEMAIL)


def _asked(call: PhoneCallValue, topic: str, conversation_id: int | None) -> Asked:
    return Asked(
        company_id=call.company_id,
        contact_id=call.contact_id,
        number=call.number,
        topic=topic,
        wished_at=None,
        source=Source.VOICEMAIL if call.state is CallState.RECORDED else Source.MISSED,
        key=key_of(call.provider_id),
        conversation_id=conversation_id,
    )


def _line(call: PhoneCallValue) -> str:
    if call.state is CallState.RECORDED:
        return spoken.voicemail_line(call.seconds, call.number, _language(call))
    return spoken.missed_line(call.number, _language(call))


def _language(call: PhoneCallValue) -> str:
    return call.contact_language or "en"


def _minute(moment: datetime) -> datetime:
    # Times are said and shown to the minute: what is measured is what was said.
    return moment.replace(second=0, microsecond=0)
