"""Contexts for the booking pages: Pavel books calls with Sam."""

from collections.abc import Iterator
from dataclasses import replace

from wtforms import Form, RadioField, StringField, TextAreaField, validators

from app.availability.pages import Problem
from app.booking.choices import LengthChoice, LengthOption, QuestionField, ZoneChoice, ZoneLine
from app.booking.pages import (
    Band,
    BookingPage,
    CallsPage,
    Day,
    DetailsPage,
    EmptyWeek,
    HistoryLine,
    MoveConfirmPage,
    Moving,
    SeriesLine,
    Slot,
    TypeChoice,
    WeekPage,
)
from tests.pages.shared_samples import (
    ALTERNATIVES,
    CALLS,
    CLOSED,
    LATER,
    PROBLEM,
    RITA,
    SAM,
    WHEN,
    Sample,
)

LENGTHS = (LengthOption("60", "60 minutes", True), LengthOption("45", "45 minutes", False))
NO_SUCH_LENGTH = (
    Problem("length", "Rita Novák takes calls on that day now. Nothing is booked until you confirm again."),
    Problem(
        "length", "Rita Novák does not offer this call with a length of 15 minutes. Choose another length."
    ),
)


class DetailsForm(Form):
    """As the booking's own form."""

    topic = TextAreaField("What would you like to talk about?")
    way = RadioField("How shall we talk?", choices=[("video", "Video"), ("phone", "Phone")])
    colleagues = TextAreaField("Colleagues")
    phone = StringField("Phone number", [validators.InputRequired(PROBLEM.text)])


class ReasonForm(Form):
    """As the cancel page's form."""

    reason = TextAreaField("Anything Sam should know?")


def wrong_phone() -> DetailsForm:
    form = DetailsForm(data={"way": "phone", "topic": "Import of price lists"})
    form.validate()
    return form


def _slots(day: int, hours: str, offset: int, same_zone: bool) -> tuple[Slot, ...]:
    result = []
    for text in hours.split():
        hour, minute = (int(part) for part in text.split(":"))
        result.append(
            Slot(
                f"2026-11-{day}T{hour - offset:02}:{minute:02}:00Z",
                text,
                "" if same_zone else f"{hour - offset + 1:02}:{minute:02} CET",
            )
        )
    return tuple(result)


def _day(day: int, weekday: str, long: str, afternoon: str, evening: str) -> Day:
    bands = []
    if afternoon:
        bands.append(Band("afternoon", "Afternoon", _slots(day, afternoon, 5, False)))
    if evening:
        bands.append(Band("evening", "Evening", _slots(day, evening, 5, False)))
    count = sum(len(band.slots) for band in bands)
    return Day(
        f"2026-11-{day}",
        weekday,
        f"{day} Nov",
        str(day),
        f"on {long} {day} November",
        f"{count} free" if count else "",
        count,
        tuple(bands),
        "" if count else "Fully booked",
    )


DAYS = (
    _day(23, "Mon", "Monday", "", ""),
    _day(24, "Tue", "Tuesday", "15:30 16:00 17:30", "18:00 18:30 19:00 20:30"),
    _day(25, "Wed", "Wednesday", "13:30 14:00 15:00 15:30", "18:30 19:00 19:30 20:00"),
    _day(26, "Thu", "Thursday", "", "19:00 19:30 20:30"),
    _day(27, "Fri", "Friday", "13:30 14:00 15:30 16:00", "18:30 19:00 19:30 20:00"),
)
ZONE = ZoneLine(
    "Asia/Yekaterinburg",
    "Yekaterinburg",
    "UTC+5",
    "14:12",
    "CET",
    (
        ZoneChoice("Asia/Yekaterinburg", "Yekaterinburg", "UTC+5", "14:12", "your profile", "?zone=1", True),
        ZoneChoice("Europe/Bratislava", "Bratislava", "UTC+1", "10:12", "Sam’s time", "?zone=2", False),
    ),
    "?zones=all",
)
TYPES = (
    TypeChoice("product-support", "Product support", "30 min, phone or video", "?type=1", True),
    TypeChoice("feature-training", "Feature training", "60 min, video with screen share", "?type=2", False),
    TypeChoice("feature-request", "Feature request", "30 min, phone or video", "?type=3", False),
)
WEEK = WeekPage(
    SAM,
    TYPES,
    "product-support",
    "23 Nov – 27 Nov",
    "This week",
    "",
    "?week=2",
    ZONE,
    "2026-11-23",
    "/hold",
    DAYS,
)
SAME_ZONE_DAYS = tuple(
    replace(
        day,
        bands=tuple(
            replace(band, slots=tuple(replace(slot, service="") for slot in band.slots)) for band in day.bands
        ),
    )
    for day in DAYS
)
EMPTY = EmptyWeek(
    "No free times from 7 to 11 December",
    "Sam is on leave that week. The next free time is Monday 14 December, 13:30.",
    "Go to Mon 14 Dec",
    "?week=14",
)
BOOKING = BookingPage(
    "b1",
    "K7M-211",
    "confirmed",
    WHEN,
    "Sam Okafor",
    "Sam",
    "Dedicated support specialist",
    "Product support",
    "30 minutes",
    "Video link",
    "https://meet.attache.example/k7m-211",
    "Import of price lists",
    "pavel@sever.example",
    "contact",
    can_move=True,
    can_cancel=True,
    change_words="You can move or cancel until Wednesday 25 November, 16:00.",
    reminders="24 hours before and 1 hour before",
    again_url="/book",
    history=(
        HistoryLine("Tue 24 Nov, 14:12", "Booked by you"),
        HistoryLine("Tue 24 Nov, 14:12", "Invitation sent to pavel@sever.example"),
    ),
    series=SeriesLine("s1", "Call 2 of 6 in a series"),
)


DETAILS = DetailsPage(
    "h1",
    "k1",
    "product-support",
    WHEN,
    SAM,
    "p1",
    "Product support",
    "30 minutes",
    "pavel@sever.example",
    "/book",
    kept_until="14:17",
    repeat_url="/book/series",
)
ASKED = replace(
    DETAILS,
    minutes="30",
    ways=("phone",),
    questions=(
        QuestionField("answer-module", "Which module?", ("Billing", "Other"), True, "", "Answer this."),
        QuestionField("answer-version", "Version", (), False, "4.2"),
    ),
    problems=(
        Problem("answer-module", "Answer this."),
        Problem("way", "Choose one of the ways offered."),
    ),
)


def booking_samples() -> Iterator[Sample]:
    yield from week_samples()
    yield from step_samples()


def week_samples() -> Iterator[Sample]:
    moving = replace(WEEK, moving=Moving("b1", "Product support", WHEN), call_types=())
    yield "book", "booking/week.html", {"page": WEEK}
    yield (
        "book-same-zone",
        "booking/week.html",
        {"page": replace(WEEK, days=SAME_ZONE_DAYS, zone=replace(ZONE, service=""))},
    )
    lengths = (LengthChoice("30 minutes", "?length=", True), LengthChoice("60 minutes", "?length=60", False))
    yield "book-lengths", "booking/week.html", {"page": replace(WEEK, lengths=lengths, length="30")}
    yield "book-empty", "booking/week.html", {"page": replace(WEEK, days=(), empty=EMPTY)}
    yield "book-closed", "booking/week.html", {"page": replace(WEEK, days=(), closed=CLOSED)}
    yield (
        "book-problem",
        "booking/week.html",
        {
            "page": replace(
                WEEK,
                problem="That time is too soon. Calls need 2 hours’ notice.",
                as_of="We cannot reach Sam’s calendar right now. Times are as of 10:05.",
                zone=replace(ZONE, all_zones=("Europe/Berlin", "Asia/Yekaterinburg")),
            )
        },
    )
    yield "move", "booking/week.html", {"page": moving}


def step_samples() -> Iterator[Sample]:
    move = MoveConfirmPage("b1", "h1", "k1", "Product support", WHEN, LATER, SAM, "/book")
    yield "details", "booking/details.html", {"page": DETAILS, "form": DetailsForm()}
    yield (
        "details-error",
        "booking/details.html",
        {
            "page": replace(DETAILS, problems=(PROBLEM,)),
            "form": wrong_phone(),
        },
    )
    yield "details-asked", "booking/details.html", {"page": ASKED, "form": DetailsForm()}
    taken = {"state": "taken", "alternatives": ALTERNATIVES}
    yield (
        "details-taken",
        "booking/details.html",
        {"page": replace(DETAILS, **taken), "form": DetailsForm()},
    )
    expired = replace(DETAILS, state="expired")
    other = replace(
        DETAILS,
        when=replace(WHEN, span="18:00", service="14:00 CET"),
        specialist=RITA,
        length="",
        lengths=LENGTHS,
        problems=NO_SUCH_LENGTH,
        kept_until="",
    )
    yield "details-length", "booking/details.html", {"page": other, "form": DetailsForm()}
    yield "details-expired", "booking/details.html", {"page": expired, "form": DetailsForm()}
    yield "move-confirm", "booking/move_confirm.html", {"page": move, "form": ReasonForm()}
    yield "move-taken", "booking/move_confirm.html", {"page": replace(move, **taken), "form": ReasonForm()}
    yield "cancel", "booking/cancel.html", {"page": BOOKING, "form": ReasonForm()}
    yield "calls", "booking/calls.html", {"page": CallsPage(CALLS[:2], CALLS[2:]), "waiting": ()}
    yield "calls-none", "booking/calls.html", {"page": CallsPage((), ()), "waiting": ()}
