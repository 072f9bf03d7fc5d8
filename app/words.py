"""Why something did not work and what to do, in the reader's words."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

Words = tuple[LazyString, LazyString]

ERRORS: dict[str, Words] = {
    "not_found": (_("There is nothing here"), _("Check the address, or go to your home page.")),
    "slot_taken": (_("That time was taken a moment ago"), _("Choose another time.")),
    "call_known": (_("This call was given to a contact already"), _("Look at the list of phone calls.")),
    "already_yours": (_("You have this call already"), _("It is in the list of your calls.")),
    "slot_refused": (_("That time cannot be booked"), _("Choose another time.")),
    "calendar_away": (
        _("Times cannot be shown at the moment"),
        _("We cannot reach your specialist's calendar, so nothing was booked. Try again in some minutes."),
    ),
    "no_senior": (
        _("No senior engineer can be brought in at the moment"),
        _("Book the call with your specialist alone, or try again later."),
    ),
    "senior_busy": (
        _("The senior engineer is not free at the time of this call"),
        _("Choose a time at which both are free: the call moves there."),
    ),
    "no_specialist": (
        _("No specialist is set for your company yet"),
        _("Write to us: we set one for you."),
    ),
    "not_entitled": (
        _("Dedicated support is not part of your plan"),
        _("The option gives your company a specialist of its own; ask us for it."),
    ),
    "key_reused": (
        _("This key was used for something else"),
        _("Send a new Idempotency-Key with each booking."),
    ),
    "offer_gone": (_("The time is no longer kept for you"), _("You are told when another one comes free.")),
    "times_open": (_("There are free times in these days"), _("Book one of them.")),
    "too_many_places": (
        _("You wait in too many places"),
        _("Leave the list for one of them first."),
    ),
    "too_many_links": (_("You have too many calendar links"), _("Remove one of them first.")),
    "days_refused": (_("These days cannot be waited for"), _("Choose days ahead that can be booked.")),
    "hold_gone": (_("The time is no longer kept for you"), _("Choose a time again.")),
    "too_many_open": (
        _("There are too many calls ahead"),
        _("Cancel one of them, or book after one has taken place."),
    ),
    "length": (_("A call of this kind cannot be that long"), _("Choose one of the lengths offered.")),
    "answers": (_("Some questions are not answered"), _("Answer what is asked about the call.")),
    "last_call_type": (
        _("This is the only call type that is offered"),
        _("Offer another one before you switch this one off."),
    ),
    "way": (_("The call cannot be held that way"), _("Choose one of the ways offered.")),
    "other_serves": (
        _("Somebody else takes calls on that day now"),
        _("Nothing was booked. Check whom the call would be with, then confirm again."),
    ),
    "series_refused": (_("The series cannot be planned like that"), _("Correct it and send it again.")),
    "series_conflict": (
        _("Some of these times are not free any more"),
        _("Nothing was booked. Choose other times for them, or leave them out."),
    ),
    "cannot_change": (_("This call cannot be changed"), _("See its page for what is possible.")),
    "calls_ahead": (
        _("There are calls ahead"),
        _("Cancel the coming calls of this contact first, then erase the data."),
    ),
    "mail_on_its_way": (
        _("Mail is still on its way"),
        _("Mail about these calls has not gone out yet. Try again in some minutes."),
    ),
    "too_many": (_("That was too often"), _("Wait a while, then try again.")),
    "busy": (_("Nothing was saved: we are busy"), _("Try again in a few seconds.")),
    "stale_form": (_("The form was open for too long"), _("Go back, reload the page and send it again.")),
    "no_token": (_("Who are you?"), _("Send an API token: Authorization: Bearer …")),
    "scope": (_("This token may not be used for that"), _("Make a token with the scope that is named.")),
    "token_refused": (
        _("That token cannot be made"),
        _("Choose other scopes, another time, or end one first."),
    ),
    "not_for_this_role": (
        _("This is for contacts"),
        _("Specialists and administrators cannot book for themselves."),
    ),
    "bad_choice": (
        _("That choice does not fit the calendars that were found"),
        _("Reload the page and choose again."),
    ),
    "guest_refused": (_("This person cannot be added"), _("Nobody was added to the call.")),
    "company_name_taken": (
        _("Another company has this name"),
        _("Choose a name that tells them apart."),
    ),
    "plan_without_option": (
        _("The option exists on the plan “All inclusive” alone"),
        _("Change the plan first."),
    ),
    "option_runs": (
        _("The option is paid for beyond today, and no other plan can have it"),
        _("End the option first, then change the plan when it has ended."),
    ),
    "spans_overlap": (
        _("The option is paid for on some of these days already"),
        _("Choose days that lie apart, or change what is there."),
    ),
    "span_begun": (
        _("Days that lie behind us stay as they are"),
        _("Choose a last day from yesterday on."),
    ),
    "address_taken": (
        _("Somebody else has this e-mail address"),
        _("Each address signs in one person."),
    ),
    "own_account": (
        _("This is your own account"),
        _("Another administrator can change its role or disable it."),
    ),
    "last_administrator": (
        _("This is the only administrator"),
        _("Make somebody else an administrator first."),
    ),
    "still_serves": (
        _("Companies or coming calls depend on this person"),
        _("Hand them over first, then change the role."),
    ),
    "request_state": (
        _("The request is solved"),
        _("Write a message, and it is open again."),
    ),
    "file_refused": (_("A file cannot be taken"), _("Choose another file.")),
    "file_faulty": (_("Some lines cannot be taken"), _("Nothing was changed. Look at the file again.")),
    "file_overtaken": (
        _("Something changed since you looked at the file"),
        _("Nothing was changed. Look at what it would do now."),
    ),
    "no_stand_in": (
        _("This person cannot stand in"),
        _("Choose another specialist who is active."),
    ),
    "assignment_refused": (
        _("Who serves the company cannot be changed like that"),
        _("See how it stands now."),
    ),
    "text": (_("A text cannot be taken"), _("It is empty, too long or holds control characters.")),
}

# Why who serves a company cannot be changed like that.
ASSIGNMENTS: dict[str, LazyString] = {
    "past": _("Choose a later day."),
    "person": _("Choose a specialist who works here."),
    "served": _("Somebody serves this company already: hand it over."),
    "same": _("That specialist serves this company already."),
    "handed_over": _("It was confirmed and told: plan another hand-over instead."),
    "none": _("Nobody serves this company yet: choose its first specialist."),
    "open": _("A hand-over of this company is under way already."),
    "settled": _("That was settled in the meantime: see how it stands now."),
    "day": _("Enter a day."),
}
REFUSALS: dict[str, LazyString] = {
    "off_grid": _("Calls do not begin at that minute."),
    "past": _("That time is over."),
    "notice": _("That is too soon: the specialist needs some notice."),
    "horizon": _("That is too far ahead."),
    "window": _("The specialist does not work at that time."),
    "hours": _("The specialist does not work at that time."),
    "time_off": _("The specialist does not work at that time."),
    "holiday": _("That day is a public holiday."),
    "busy": _("The specialist is not free at that time."),
    "taken": _("That time is taken."),
    "cap": _("No more calls of this kind can be booked on that day."),
    "calendar_away": _("The specialist's calendar cannot be read at the moment. Try again in some minutes."),
    "option_ends": _("Your company's option ends before that day."),
    "late": _("It is too late to change this call: it begins soon."),
    "ended": _("This call is over or was cancelled."),
    "left": _("This specialist takes no calls any more. Keep this call, or cancel it and book another one."),
    "other_senior": _("Another senior engineer takes part in this call already."),
    "moving": _("This call is being moved; wait until the calendar has confirmed it."),
    "way": _("Choose one of the ways offered."),
    "phone": _("Enter a phone number with country code."),
    "address": _("Enter an e-mail address like name@company.com"),
    "contact": _("Whoever booked the call is invited already."),
    "specialist": _("The specialist is part of the call already."),
    "twice": _("This person is added already."),
    "full": _("At most 10 colleagues can be on a call."),
    "spent": _("Too many people were added to this call already."),
    "daily": _("Too many people were added to calls today. Try again tomorrow."),
    "yours": _("You have a call at that time already."),
    "series_weeks": _("Choose every week or every two weeks."),
    "series_count": _("Enter a number from 2 to 12."),
    "series_short": _("That is fewer than two calls. Choose a later day."),
    "series_start": _("One of the calls left out or replaced is not in the series."),
    "series_empty": _("Every call is left out. Choose at least one."),
    "same": _("That is the time the call has already."),
    "file_kind": _("Send pictures, PDF, text, office files, ZIP archives or sound."),
    "file_size": _("A file can have 10 MB, all files of a message together 20 MB."),
    "file_empty": _("There is nothing in the file."),
    "file_count": _("Send at most 5 files with a message."),
}

ANSWERS: dict[str, LazyString] = {
    "missing": _("Answer this question."),
    "long": _("Write at most 500 characters."),
    "characters": _("Write one line without control characters."),
    "choice": _("Choose one of the answers offered."),
    "unknown": _("There is no such question."),
}

STATUSES: dict[int, Words] = {
    400: (_("The request cannot be read"), _("Go back and try again.")),
    403: (_("This is not for you"), _("Sign in with another address, or go to your home page.")),
    404: ERRORS["not_found"],
    405: (_("That cannot be done here"), _("Go back and try again.")),
    413: (_("That is too much"), _("Send less than one megabyte.")),
    415: (_("Something in it cannot be taken"), _("Correct it and send it again.")),
    422: (_("Something in it cannot be taken"), _("Correct it and send it again.")),
    429: ERRORS["too_many"],
    503: ERRORS["busy"],
}

_NOT_POSSIBLE = (_("That is not possible"), _("Nothing was changed."))
_OUR_FAULT = (
    _("Something went wrong on our side"),
    _("Nothing was saved. Tell us the reference if it happens again."),
)


def error_words(code: str) -> tuple[str, str]:
    """Heading and sentence for an error's code."""
    heading, sentence = ERRORS.get(code, STATUSES[400] if code == "bad_request" else _NOT_POSSIBLE)
    return str(heading), str(sentence)


def refusal_words(reason: str) -> str:
    """Why a start cannot be booked or a call not changed; empty when the reason is not known."""
    return str(REFUSALS.get(reason, ""))


def assignment_words(reason: str) -> str:
    """Why who serves a company cannot be changed like that."""
    return str(ASSIGNMENTS[reason])


def answer_words(reason: str) -> str:
    """Why an answer to a call type's question cannot be taken."""
    return str(ANSWERS[reason])


def status_words(status: int) -> tuple[str, str]:
    """Heading and sentence for a bare HTTP status."""
    heading, sentence = STATUSES.get(status, _OUR_FAULT)
    return str(heading), str(sentence)
