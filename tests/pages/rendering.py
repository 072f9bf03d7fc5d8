"""Renders the templates alone: addresses are words, translations come from a file."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "app" / "templates"


def fake_url(endpoint: str, **values: Any) -> str:
    """An address that shows what it was made from."""
    return "/" + "/".join([*endpoint.split("."), *(quote(str(value)) for value in values.values())])


@cache
def environment(catalogue: Path | None = None) -> Environment:
    """Jinja as Flask sets it up, strict about names; texts are translated from a .po file if there is one."""
    words: dict[str, str] = {}
    if catalogue:
        with catalogue.open("rb") as file:
            words = {
                message.id: message.string
                for message in read_po(file, ignore_obsolete=True)
                if isinstance(message.id, str) and isinstance(message.string, str) and message.string
            }
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: words.get(text, text),
        lambda one, many, n: one if n == 1 else many,
        newstyle=True,
    )
    env.globals.update(url_for=fake_url, csrf_token=lambda: "token", asset=lambda name: f"/static/{name}")
    env.globals.update(unread_chats=lambda: 0)
    return env


def frame(lang: str = "en", **context: Any) -> dict[str, Any]:
    """What base.html needs, for Pavel."""
    other = ("en", "English") if lang == "ru" else ("ru", "Русский")
    values = {
        "organisation": "Attaché",
        "lang": lang,
        "viewer": SimpleNamespace(role="contact"),
        "zone_text": "Times in Yekaterinburg time (UTC+5)",
        "other_language": SimpleNamespace(code=other[0], name=other[1]),
        "here": "/book",
        "features": {
            "waiting_list",
            "series",
            "seniors",
            "presence_feeds",
            "guests",
            "chat",
            "callbacks",
            "api",
        },
    }
    return {**values, **context}
