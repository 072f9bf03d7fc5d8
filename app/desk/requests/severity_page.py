"""Severities in plain words, with examples by which people choose."""

from dataclasses import dataclass

from flask_babel import gettext as _

SEVERITIES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class SeverityWords:
    """A severity: ``name`` is one word, ``meaning`` a sentence, ``examples`` what people would say."""

    number: int
    name: str
    meaning: str
    examples: str


def severity_words(number: int) -> SeverityWords:
    """The words of a severity; raises LookupError for none of the five."""
    name, meaning, examples = _texts()[number]
    return SeverityWords(number, name, meaning, examples)


def severity_name(number: object) -> str:
    """ "3 Standard"; empty for what is no severity."""
    texts = _texts()
    return f"{number} {texts[number][0]}" if isinstance(number, int) and number in texts else ""


def _texts() -> dict[int, tuple[str, str, str]]:
    return {
        1: (
            _("Critical"),
            _("The service is down or cannot be reached, and there is no way round."),
            _("Nobody can sign in. All data is gone. The business stands still."),
        ),
        2: (
            _("High"),
            _("The service can be reached, but works so badly that work suffers."),
            _("Every page takes a minute. Most of what we save fails."),
        ),
        3: (
            _("Standard"),
            _("A part does not work; the rest does."),
            _("An integration fails. Mail is not fetched."),
        ),
        4: (
            _("Bug"),
            _("One function misbehaves, and you can work."),
            _("A report sorts wrongly. A button does nothing."),
        ),
        5: (
            _("Question"),
            _("You want to know, set up or suggest something."),
            _("How do we archive last year? Could it also export to our warehouse?"),
        ),
    }
