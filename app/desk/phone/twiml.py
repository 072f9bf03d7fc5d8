"""What the provider is to do with a call, in its own language (TwiML)."""

from collections.abc import Iterable
from dataclasses import dataclass

from twilio.twiml.voice_response import VoiceResponse

from app.desk.phone.values import MOST_SECONDS

RING_SECONDS = 20
# Whoever says nothing for so long is done.
_SILENCE = 5
_VOICES = {"en": "en-GB", "ru": "ru-RU"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sentences to be said in a language."""

    language: str
    text: str


def dial(number: str, caller_id: str, action: str) -> str:
    """Let somebody of ours ring for 20 seconds; ``action`` is told what came of it.

    Their telephone shows ``caller_id``, our own number, and the caller never learns theirs.
    """
    response = VoiceResponse()
    response.dial(
        action=action, method="POST", timeout=RING_SECONDS, caller_id=caller_id, answer_on_bridge=True
    ).number(number)
    return str(response)


def voicemail(greeting: Iterable[Spoken], action: str, farewell: Iterable[Spoken]) -> str:
    """Greet, record at most two minutes; ``action`` is told when the caller is done, and when it is kept."""
    response = VoiceResponse()
    _say(response, greeting)
    response.record(
        action=action,
        method="POST",
        recording_status_callback=action,
        recording_status_callback_method="POST",
        recording_status_callback_event="completed",
        max_length=MOST_SECONDS,
        timeout=_SILENCE,
        finish_on_key="#",
        play_beep=True,
    )
    # Only whoever says nothing gets here.
    _say(response, farewell)
    response.hangup()
    return str(response)


def hang_up(farewell: Iterable[Spoken] = ()) -> str:
    """Say goodbye and end the call."""
    response = VoiceResponse()
    _say(response, farewell)
    response.hangup()
    return str(response)


def _say(response: VoiceResponse, sentences: Iterable[Spoken]) -> None:
    for spoken in sentences:
        response.say(spoken.text, language=_VOICES[spoken.language])
