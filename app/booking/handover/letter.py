"""What people are written about a hand-over, each in their language."""

from collections.abc import Sequence
from datetime import date

from app.accounts.values import SignedIn
from app.booking.handover.values import HandOverValue
from app.booking.values import CallValue
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.customers.reaching import mail_to, number_to
from app.lib import wording
from app.mail.draft import Draft, Party
from app.mail.pages import NoteMail
from app.mail.wording import letter, words

Reader = SignedIn | SpecialistProfile


def planned_letter(hand_over: HandOverValue, reader: Reader, settings: Settings) -> Draft:
    """To who is to take over: a company waits for their word."""
    _ = words(reader.language).gettext
    names = _names(hand_over, reader.language)
    says = [
        _("You are to take over %(company)s on %(day)s. It counts once you confirm it.") % names,
        _("The page of the hand-over has its contacts, coming calls and history."),
        hand_over.note,
    ]
    return _note(
        reader, settings, _("Please take over %(company)s") % names, says, hand_over, _("See and confirm")
    )


def confirmed_letter(hand_over: HandOverValue, reader: Reader, settings: Settings) -> Draft:
    """To who leaves and to the planner: it was confirmed."""
    _ = words(reader.language).gettext
    names = _names(hand_over, reader.language)
    says = [
        _("%(coming)s takes over %(company)s on %(day)s.") % names,
        _("Its contacts are told now; after that its calls from that day on pass to %(coming)s.") % names,
    ]
    title = _("%(coming)s takes over %(company)s") % names
    return _note(reader, settings, title, says, hand_over, _("Open the hand-over"))


def told_letter(hand_over: HandOverValue, reader: Reader, settings: Settings) -> Draft:
    """To a contact: who serves them, from when, and how to reach them."""
    _ = words(reader.language).gettext
    number = number_to(settings, hand_over.coming.phone)
    coming, names = hand_over.coming, _names(hand_over, reader.language)
    until = _("Until then it is %(leaving)s.") % names if hand_over.leaving else ""
    speaks = wording.languages_in_words(coming.spoken_languages, reader.language)
    says = [
        _("From %(day)s on %(coming)s is your specialist.") % names + (f" {until}" if until else ""),
        _(
            "Your calls from that day on pass to %(coming)s at their times, where %(coming)s is free then: "
            "you are told of each."
        )
        % names,
    ]
    card = [
        coming.name + (f", {coming.title(reader.language)}" if coming.title(reader.language) else ""),
        _("Speaks %(languages)s") % {"languages": speaks} if speaks else "",
        _("Phone: %(number)s") % {"number": number} if number else "",
        mail_to(settings, coming.email),
    ]
    return _note(reader, settings, _("%(coming)s will be your specialist") % names, says, None, "", card)


def declined_letter(hand_over: HandOverValue, reader: Reader, settings: Settings) -> Draft:
    """To administrators: who was to take over will not."""
    _ = words(reader.language).gettext
    names = _names(hand_over, reader.language)
    says = [
        _("%(coming)s does not take over %(company)s. Nothing is changed.") % names,
        hand_over.ended_reason,
    ]
    title = _("%(coming)s declined to take over %(company)s") % names
    return _note(reader, settings, title, says, hand_over, _("Open the hand-over"))


def untold_letter(
    hand_over: HandOverValue, reader: Reader, settings: Settings, missed: Sequence[str]
) -> Draft:
    """To administrators: mail does not reach these contacts, so that nothing moves."""
    _ = words(reader.language).gettext
    names = _names(hand_over, reader.language) | {"people": ", ".join(missed)}
    says = [
        _("Mail about it does not reach %(people)s. No call passes on until they know.") % names,
        _("Ring them, then say on the page of the hand-over that they were told by phone."),
    ]
    title = _("Not everybody at %(company)s was told") % names
    return _note(reader, settings, title, says, hand_over, _("Open the hand-over"))


def stuck_letter(
    hand_over: HandOverValue, reader: Reader, settings: Settings, calls: Sequence[CallValue]
) -> Draft:
    """To administrators and both specialists: these calls cannot pass on by themselves."""
    _ = words(reader.language).gettext
    names = _names(hand_over, reader.language)
    listed = [_listed(call, reader) for call in calls]
    says = [
        _("These calls could not pass to %(coming)s. They stay as they are until somebody decides.") % names
    ]
    title = _("Calls with %(company)s need a decision") % names
    return _note(reader, settings, title, says, hand_over, _("Decide on the calls"), listed)


def _note(
    reader: Reader,
    settings: Settings,
    title: str,
    says: Sequence[str],
    hand_over: HandOverValue | None,
    button: str,
    lines: Sequence[str] = (),
) -> Draft:
    url = f"{settings.public_url}/hand-overs/{hand_over.public_id}" if hand_over else ""
    page = NoteMail(
        organisation=settings.organisation,
        title=title,
        paragraphs=tuple(text for text in says if text),
        lines=tuple(text for text in lines if text),
        button=button,
        url=url,
    )
    return letter(settings, "note", page, title, Party(reader.email, reader.name), reader.language)


def _names(hand_over: HandOverValue, language: str) -> dict[str, str]:
    return {
        "company": hand_over.company_name,
        "coming": hand_over.coming.name,
        "leaving": hand_over.leaving.name if hand_over.leaving else "",
        "day": _day(hand_over.starts_on, language),
    }


def _day(day: date, language: str) -> str:
    return wording.day_plain(day, language)


def _listed(call: CallValue, reader: Reader) -> str:
    day = wording.day_short(wording.local_date(call.start, reader.time_zone), reader.language)
    return f"{day}, {wording.span(call.span, reader.time_zone)}, {call.contact_name}, {call.reference}"
