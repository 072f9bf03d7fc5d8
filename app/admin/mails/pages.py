"""What the pages of mails show: plain values, every text already in the reader's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailKind:
    """A mail that the service writes, and when."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class MailGroup:
    """The mails to one kind of reader."""

    title: str
    mails: tuple[MailKind, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A mail as it would be read: its text here, its HTML part at an address of its own."""

    name: str
    what: str
    language: str
    text: str
