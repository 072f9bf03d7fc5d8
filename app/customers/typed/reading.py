"""Reads single typed fields by the same rules on pages, by command and from files."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from app.customers.typed.faults import Edited, Fault
from app.lib.text import UncleanText, many_lines, one_line
from app.lib.zones import is_zone

_PHONE = re.compile(r"\+[0-9][0-9 ()/.-]{4,38}")
_PRICE = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
_LONGEST_ADDRESS = 254
_SHOWN = 100


class Reading:
    """Reads fields one by one, keeps the values and notes what is wrong."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self._values: dict[str, Any] = {}
        self._faults: list[Fault] = []

    def edited(self) -> Edited:
        """Everything that was read."""
        return Edited(dict(self._values), tuple(self._faults))

    def text(self, name: str) -> str:
        """A field as it was typed, without blanks around it."""
        return self._typed.get(name, "").strip()

    def refuse(self, name: str, reason: str, limit: int = 0) -> None:
        """Note that a field cannot be taken."""
        self._faults.append(Fault(name, reason, self.text(name)[:_SHOWN], limit))

    def keep(self, name: str, value: Any) -> None:
        """Note a value that was found otherwise."""
        self._values[name] = value

    def line(self, name: str, limit: int = 200, *, required: bool = True) -> None:
        """One line without controls."""
        try:
            self._values[name] = one_line(self._typed.get(name, ""), limit, required=required)
        except UncleanText as error:
            self.refuse(name, error.reason, error.limit)

    def lines(self, name: str, limit: int = 2000) -> None:
        """A longer text, perhaps empty."""
        try:
            self._values[name] = many_lines(self._typed.get(name, ""), limit)
        except UncleanText as error:
            self.refuse(name, error.reason, error.limit)

    def email(self, name: str) -> None:
        """An address in lower case, its domain in ASCII; whether it takes mail is not looked up."""
        address = plain_address(self.text(name))
        self._keep_if(bool(address), name, address, "address")

    def phone(self, name: str) -> None:
        """A number with its country code, perhaps empty."""
        text = self.text(name)
        self._keep_if(not text or bool(_PHONE.fullmatch(text)), name, text, "phone")

    def choice(self, name: str, allowed: Collection[str]) -> None:
        """One of these."""
        self._keep_if(self.text(name) in allowed, name, self.text(name), "choice")

    def zone(self, name: str) -> None:
        """An IANA time zone."""
        self._keep_if(is_zone(self.text(name)), name, self.text(name), "zone")

    def day(self, name: str, *, required: bool = True) -> None:
        """A day as ISO 8601 writes it (2026-11-24); None when it is left out and may be."""
        try:
            day = date.fromisoformat(self.text(name)) if self.text(name) else None
        except ValueError:
            self.refuse(name, "day")
        else:
            self._keep_if(day is not None or not required, name, day, "empty")

    def price(self, name: str) -> None:
        """An amount of money (1000, 1000.50), kept in cents."""
        found = _PRICE.fullmatch(self.text(name).replace(" ", ""))
        cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
        self._keep_if(found is not None, name, cents, "price")

    def _keep_if(self, is_sound: bool, name: str, value: Any, reason: str) -> None:
        if is_sound:
            self._values[name] = value
        else:
            self.refuse(name, reason if self.text(name) else "empty")

    def link(self, name: str, limit: int = 500) -> None:
        """An address that begins with https, perhaps empty."""
        self.line(name, limit, required=False)
        if not self._values.get(name):
            return
        try:
            parts = urlsplit(self._values[name])
            is_meant = parts.scheme == "https" and bool(parts.hostname) and " " not in self._values[name]
        except ValueError:
            is_meant = False
        if not is_meant:
            del self._values[name]
            self.refuse(name, "link")


def plain_address(text: str) -> str:
    """An address as it is kept: in lower case, its domain in ASCII; empty when it is none."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ""
    address = (found.ascii_email or "").lower()
    return address if len(address) <= _LONGEST_ADDRESS else ""


def days_in_order(reading: Reading, first: str, last: str) -> None:
    """Refuse an end before its start, when both could be read."""
    values = reading.edited().values
    if values.get(first) and values.get(last) and values[last] < values[first]:
        reading.refuse(last, "order")
