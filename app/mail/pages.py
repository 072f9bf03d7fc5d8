"""What mails and the demo's mail pages are made from: plain values in the recipient's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInMail:
    """The mail with a sign-in link; ``minutes`` is how long it works."""

    organisation: str
    link: str
    minutes: int


@dataclass(frozen=True, slots=True)
class LinkedMail:
    """The mail about an account of ``address`` that ``provider`` lets in from now on."""

    organisation: str
    provider: str
    address: str


@dataclass(frozen=True, slots=True)
class CallMail:
    """A mail about one call, in the recipient's zone.

    ``old_day`` and ``old_span`` are the time before a move; ``reason`` is what was written when it was
    cancelled or why it could not be booked; ``url`` opens the call's page and ``book_url`` the free times.
    ``can_move`` and ``can_cancel``: whether its contact still may; ``change_words`` say until when,
    ``too_late`` whom to reach when neither is possible. ``answers`` are questions with answers.
    ``booked_by`` tells colleagues who brought them into it.
    ``reminders`` says when they will come, ``profile_url`` opens the page where they are switched off.
    """

    organisation: str
    recipient: str
    with_name: str
    with_detail: str
    call_type: str
    length: str
    day: str
    span: str
    zone: str
    service: str
    way: str
    way_url: str
    topic: str
    reference: str
    url: str
    book_url: str
    old_day: str = ""
    old_span: str = ""
    can_move: bool = True
    can_cancel: bool = True
    change_words: str = ""
    too_late: str = ""
    reason: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    booked_by: str = ""
    reminders: str = ""
    profile_url: str = ""


@dataclass(frozen=True, slots=True)
class OfferMail:
    """A time that is kept for somebody in the waiting list, in their zone, until ``kept_until``.

    ``old_day`` and ``old_span`` are the call that it would move; ``url`` opens the page where it is answered.
    """

    organisation: str
    with_name: str
    with_detail: str
    call_type: str
    length: str
    day: str
    span: str
    zone: str
    service: str
    kept_until: str
    url: str
    old_day: str = ""
    old_span: str = ""


@dataclass(frozen=True, slots=True)
class NoteMail:
    """A mail that is not about one call: sentences, perhaps a list, and a button to a page."""

    organisation: str
    title: str
    paragraphs: tuple[str, ...]
    lines: tuple[str, ...] = ()
    button: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class NobodyMail:
    """Days on which nobody stands in for ``name``; ``more`` companies than those named have nobody then.

    ``url`` opens the page of all time off. ``is_closed``: the account is closed, and it is so from now on, or
    from ``first`` on; then ``url`` opens the companies that nobody serves, or with ``first`` whose account it
    is. ``stand_in``: the account was closed before, and it is this usual stand-in who is away; then ``url``
    opens whose account it is.
    """

    organisation: str
    name: str
    first: str
    last: str
    companies: tuple[str, ...]
    more: int
    url: str
    is_closed: bool = False
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class MailRow:
    """A stored mail in the demo's list; ``id`` is its file's name without the ending."""

    id: str
    subject: str
    recipient: str
    at: str


@dataclass(frozen=True, slots=True)
class MailText:
    """A piece of a mail's text; with ``url`` it is a link."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class MailPage:
    """A stored mail opened: its text in pieces, and the iCalendar part as it stands."""

    subject: str
    sender: str
    recipient: str
    at: str
    text: tuple[MailText, ...]
    calendar: str = ""
    calendar_method: str = ""
