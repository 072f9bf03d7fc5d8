"""Texts of mails and calendar entries in the recipient's language; no web request stands behind them."""

import gettext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.config import Settings
from app.mail.draft import Draft, Party

_APP = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Wording:
    """A mail's body in both forms."""

    text: str
    html: str


@lru_cache(maxsize=16)
def words(language: str) -> gettext.NullTranslations:
    """The translations of a language; English stands in the sources, as for a language without any."""
    return gettext.translation("messages", _APP / "translations", [language], fallback=True)


def render(name: str, language: str, mail: Any) -> Wording:
    """The templates ``mail/<name>.txt`` and ``.html`` for a value of app/mail/pages.py."""
    environment = _environment(language)
    return Wording(
        text=environment.get_template(f"mail/{name}.txt").render(mail=mail, lang=language).strip() + "\n",
        html=environment.get_template(f"mail/{name}.html").render(mail=mail, lang=language),
    )


def letter(settings: Settings, name: str, mail: Any, subject: str, recipient: Party, language: str) -> Draft:
    """A mail of the service itself, in its recipient's language; ``name`` and ``mail`` as in ``render``."""
    body = render(name, language, mail)
    return Draft(
        sender=Party(settings.mail_from, settings.organisation),
        recipient=recipient,
        subject=subject,
        text=body.text,
        html=body.html,
        language=language,
    )


@lru_cache(maxsize=16)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_APP / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(words(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
