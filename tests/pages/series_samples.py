"""Contexts for the pages about series: Pavel repeats a call with Sam."""

from collections.abc import Iterator
from dataclasses import replace

from app.availability.pages import DateLeaf, Problem
from app.booking.series.pages import (
    Option,
    PlannedRow,
    RepeatForm,
    RepeatPage,
    ReviewPage,
    SeriesPage,
    SeriesRow,
)
from tests.pages.booking_samples import LENGTHS, NO_SUCH_LENGTH, DetailsForm, ReasonForm, wrong_phone
from tests.pages.shared_samples import PROBLEM, RITA, SAM, WHEN, Sample

REPEAT = RepeatPage(
    "product-support", WHEN, "", SAM, "Product support", "30 minutes", "Bratislava", RepeatForm(), "/book"
)
TYPED = RepeatForm("3", "until", "6", "soon", (
    Problem("weeks", "Choose every week or every two weeks."),
    Problem("until", "Enter a day like 2026-12-24."),
))  # fmt: skip
DAYS = ("25 November", "2 December", "9 December", "16 December")
ROWS = tuple(
    PlannedRow(
        f"call-{n}", f"2026-{12 if n else 11}-{n}T13:00:00Z", f"Wednesday {day}", "18:00", "14:00 CET", True
    )
    for n, day in enumerate(DAYS)
)
OPTIONS = (
    *(Option(f"2026-12-02T{h - 5}:30:00Z", "Wednesday 2 December", f"{h}:30", f"{h - 4}:30 CET", h == 18)
      for h in (17, 18, 19)),
    Option("", "", "", "", is_chosen=False),
)  # fmt: skip
TAKEN = replace(ROWS[1], reason="The specialist is not free at that time.", options=OPTIONS)
REVIEW = ReviewPage(
    slug="product-support",
    start="2026-11-25T13:00:00Z",
    zone="",
    place="Times: Yekaterinburg",
    key="k1",
    form=RepeatForm(),
    specialist=SAM,
    specialist_id="sam",
    call_type="Product support",
    length="30 minutes",
    every="Every week",
    email="pavel@sever.example",
    rows=(ROWS[0], TAKEN, *ROWS[2:]),
    beyond=("Wed 27 Jan, 18:00: That is too far ahead.",),
    changes=("Clocks change: from 31 March on the call is at 17:00 in Yekaterinburg.",),
    conflicts=1,
    count=4,
    is_cut=True,
    room="Only 3 more calls of this kind can be booked now. Leave the others out.",
    repeat_url="/book/series",
    all_times_url="/book",
)
SERIES = SeriesPage(
    id="s1",
    title="Your series of calls with Sam",
    with_name="Sam Okafor",
    with_first_name="Sam",
    call_type="Product support",
    every="Every week",
    place="Times: Yekaterinburg",
    state="confirmed cancelled clash",
    rows=tuple(
        SeriesRow(f"b{n}", DateLeaf("Wed", str(2 + 7 * n), "Dec"), f"Call {n + 1} of 3",
                  f"Wed {2 + 7 * n} Dec", "18:00", "14:00 CET", "30 minutes", status)
        for n, status in enumerate(("confirmed", "cancelled", "clash"))
    ),
    waits=False,
    viewer="contact",
    rest=("Wed 2 Dec, 18:00",),
    kept=("Wed 25 Nov, 18:00",),
    lost=1,
)  # fmt: skip


def series_samples() -> Iterator[Sample]:
    yield "repeat", "booking/repeat.html", {"page": REPEAT}
    yield "repeat-error", "booking/repeat.html", {"page": replace(REPEAT, form=TYPED, zone="Asia/Almaty")}
    length = {"specialist": RITA, "length": "", "lengths": LENGTHS}
    longer = replace(REPEAT, **length, form=RepeatForm(problems=NO_SUCH_LENGTH[1:]))
    yield "repeat-length", "booking/repeat.html", {"page": longer}
    other = replace(REVIEW, **length, specialist_id="rita", problems=NO_SUCH_LENGTH)
    yield "review-length", "booking/review.html", {"page": other, "form": DetailsForm()}
    lev = {"senior": "Lev Orlov", "senior_id": "lev"}
    yield "repeat-senior", "booking/repeat.html", {"page": replace(REPEAT, **lev)}
    yield "review", "booking/review.html", {"page": REVIEW, "form": DetailsForm()}
    yield "review-senior", "booking/review.html", {"page": replace(REVIEW, **lev), "form": DetailsForm()}
    wrong = replace(
        REVIEW, problems=(PROBLEM, Problem("call-1", "Wednesday 2 December: That time is taken."))
    )
    rita = {"with_whom": "with Rita, who stands in for Sam", "specialist": "rita"}
    near = tuple(replace(item, **rita) if item.start else item for item in OPTIONS)
    others = (ROWS[0], replace(TAKEN, options=near), replace(ROWS[2], **rita), ROWS[3])
    days = "Wednesday 2 December, Wednesday 9 December. Nothing is booked until you confirm again."
    told = (
        Problem("call-1", f"Rita Novák takes calls on these days now: {days}"),
        Problem("call-1", "Wednesday 2 December, 18:00: That time is taken."),
    )
    for name, problems in (("review-stand-in", ()), ("review-other-serves", told)):
        passed = replace(REVIEW, rows=others, problems=problems, room="")
        yield name, "booking/review.html", {"page": passed, "form": DetailsForm()}
    yield "review-error", "booking/review.html", {"page": wrong, "form": wrong_phone()}
    none = replace(REVIEW, rows=(), count=0, conflicts=0, changes=(), room="", is_cut=False)
    yield "review-none", "booking/review.html", {"page": none, "form": DetailsForm()}
    yield "series", "booking/series.html", {"page": SERIES}
    waits = replace(SERIES, title="Your times are reserved", waits=True, is_new=True, lost=0, state="pending")
    both = tuple(replace(row, team="Sam Okafor and Lev Orlov (senior)") for row in SERIES.rows)
    yield "series-senior", "booking/series.html", {"page": replace(SERIES, rows=both)}
    yield "series-new", "booking/series.html", {"page": waits}
    yield "series-state", "booking/_series.html", {"page": waits}
    yield "series-cancelled", "booking/series.html", {"page": replace(SERIES, is_cancelled=True, rest=())}
    yield "series-seen-by-sam", "booking/series.html", {"page": replace(SERIES, viewer="specialist", rest=())}
    yield "series-cancel", "booking/cancel_series.html", {"page": SERIES, "form": ReasonForm()}
