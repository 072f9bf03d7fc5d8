"""Requests and their messages as the API's JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.config import Settings
from app.desk.requests.values import ClockName, RequestValue
from app.desk.values import FileValue, Happening, MessageValue


def request_item(request: RequestValue, settings: Settings) -> dict[str, Any]:
    """A request with its clocks."""
    about = request.conversation
    first, step = request.clocks[ClockName.FIRST_RESPONSE], request.clocks.get(ClockName.NEXT_STEP)
    return {
        "id": about.public_id,
        "reference": request.reference,
        "severity": request.severity,
        "state": request.state,
        "subject": about.subject,
        "company": {"id": about.company_public_id, "name": about.company_name},
        "contact": about.contact_name or None,
        "opened_at": request.opened_at,
        "first_response_due": first.due_at,
        "first_response_at": first.met_at,
        "next_step_due": step and step.due_at,
        "next_step_at": step and step.met_at,
        "waiting_since": request.waiting_since,
        "solved_at": request.solved_at,
        "url": f"{settings.public_url}/requests/{about.public_id}",
    }


def whole_request(
    request: RequestValue, messages: Sequence[MessageValue], after: int | None, settings: Settings
) -> dict[str, Any]:
    """A request with what was said and what happened; ``after`` is the number with which it goes on."""
    return {
        **request_item(request, settings),
        "messages": [message_item(item) for item in messages if not item.happening],
        "events": [_event_item(item) for item in messages if item.happening],
        "after": after,
    }


def message_item(message: MessageValue) -> dict[str, Any]:
    """A message with its files."""
    return {
        "id": message.public_id,
        "number": message.number,
        "side": message.side,
        "channel": message.channel,
        "author": message.author_name,
        "body": message.text,
        "is_internal": message.is_internal,
        "written_at": message.written_at,
        "files": [_file_item(file) for file in message.files],
    }


def _file_item(file: FileValue) -> Mapping[str, Any]:
    return {
        "id": file.public_id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "path": f"/api/v1/files/{file.public_id}",
    }


def _event_item(message: MessageValue) -> Mapping[str, Any]:
    told = ("before", "after", "reason") if message.happening == Happening.SEVERITY_CHANGED else ()
    return {
        "number": message.number,
        "what": message.happening,
        "by": message.author_name,
        "at": message.written_at,
        **{name: message.facts[name] for name in told if name in message.facts},
    }
