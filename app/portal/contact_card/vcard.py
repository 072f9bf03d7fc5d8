"""Somebody's card for an address book: vCard 4.0 (RFC 6350)."""

from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 75


@dataclass(frozen=True, slots=True)
class Card:
    """Who is in it; ``phone`` as it is dialled, ``languages`` as codes, the preferred one first."""

    public_id: str
    name: str
    title: str
    organisation: str
    email: str
    phone: str
    languages: tuple[str, ...]
    zone: str
    url: str


def write_vcard(card: Card) -> str:
    """The card as text with CRLF; what is not known is left out."""
    first, _blank, last = card.name.rpartition(" ")
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:{_escaped(card.public_id)}", f"FN:{_escaped(card.name)}"]
    # RFC 6350, 6.2.2: family name, given name, and three more that are nobody's here.
    lines.append(f"N:{_escaped(last)};{_escaped(first)};;;")
    for name, value in (("TITLE", card.title), ("ORG", card.organisation), ("EMAIL", card.email)):
        if value:
            lines.append(f"{name}:{_escaped(value)}")
    if card.phone:
        lines.append(f"TEL;VALUE=uri;TYPE=voice:tel:{''.join(card.phone.split())}")
    for number, language in enumerate(card.languages, start=1):
        lines.append(f"LANG;PREF={number}:{_escaped(language)}")
    lines += [f"TZ:{_escaped(card.zone)}", f"URL:{card.url}", "END:VCARD"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _escaped(text: str) -> str:
    """RFC 6350, 3.4; a line break has no place in any of these."""
    plain = " ".join(text.split())
    return plain.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")


def _folded(line: str) -> Iterator[str]:
    """RFC 6350, 3.2: at most 75 octets a line, what follows behind a blank, no character cut in two."""
    part = ""
    for character in line:
        if len((part + character).encode()) > _LONGEST:
            yield part
            part = " "
        part += character
    yield part
