"""What the telephony provider asks: what to do with a call, and what became of it. Answers are TwiML."""

from flask import Blueprint, Response, url_for

from app.accounts.guards import current_settings
from app.desk.phone import forms, service
from app.desk.phone.guards import current_phone, from_provider
from app.desk.phone.numbers import languages_of
from app.desk.phone.service_answering import Ring, next_step
from app.desk.phone.spoken import House, farewell, greeting
from app.desk.phone.twiml import dial, hang_up, voicemail
from app.desk.phone.values import CallState, PhoneCallValue
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("phone", __name__)

_OVER = {CallState.ANSWERED, CallState.RECORDED}


@blueprint.post("/phone/voice")
@from_provider
def voice() -> Response:
    """Somebody rings: in hours whoever serves them does too, else they are asked to speak."""
    return _go_on(_call(), ())


@blueprint.post("/phone/dialled")
@from_provider
def dialled() -> Response:
    """Whoever was let ring has spoken with the caller, or the next one is let ring."""
    call, rung = _call(), forms.rung()
    if not forms.was_answered():
        return _go_on(call, rung)
    answerer = rung[-1] if rung else ""
    write(db.session(), [], lambda s: service.note_answered(s, call.id, answerer))
    return _answer(hang_up())


@blueprint.post("/phone/recording")
@from_provider
def recording() -> Response:
    """A voicemail; told when the caller is done, and again when it can be fetched."""
    call, now, settings = _call(), clock.now(), current_settings()
    left = forms.recording(current_phone())
    write(db.session(), [], lambda s: service.note_recording(s, now, settings, call.id, left))
    return _answer(hang_up(farewell(language) for language in _languages(call)))


@blueprint.post("/phone/ended")
@from_provider
def ended() -> Response:
    """The call is over, whatever became of it."""
    call, now = _call(), clock.now()
    write(db.session(), [], lambda s: service.note_ended(s, now, call.id))
    return Response(status=204)


def _call() -> PhoneCallValue:
    settings, now = current_settings(), clock.now()
    told = forms.incoming(settings)
    return write(db.session(), [], lambda s: service.take_call(s, now, settings, told))


def _go_on(call: PhoneCallValue, rung: tuple[str, ...]) -> Response:
    if call.state in _OVER:
        return _answer(hang_up())
    settings, now = current_settings(), clock.now()
    step = next_step(db.session(), now, settings, call, rung)
    if isinstance(step, Ring):
        action = _address("phone.dialled", rung=".".join(step.rung))
        return _answer(dial(step.number, current_phone().number, action))
    write(db.session(), [], lambda s: service.note_asked_to_speak(s, now, call.id))
    house, languages = House(settings.organisation, settings.standard_email), _languages(call)
    said = [greeting(house, step.promise, language) for language in languages]
    return _answer(voicemail(said, _address("phone.recording"), [farewell(one) for one in languages]))


def _address(endpoint: str, rung: str | None = None) -> str:
    return f"{current_settings().public_url}{url_for(endpoint, rung=rung)}"


def _languages(call: PhoneCallValue) -> tuple[str, ...]:
    return languages_of(call.number, call.contact_language)


def _answer(twiml: str) -> Response:
    return Response(twiml, content_type="text/xml; charset=utf-8")
