"""What the demo's customers have asked, each at so long before now: one request of every kind and state."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Move(StrEnum):
    """What a turn of a request is."""

    MESSAGE = "message"
    NOTE = "note"
    NEXT_STEP = "next_step"
    WAIT = "wait"
    SEVERITY = "severity"
    SOLVE = "solve"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something somebody did ``after`` the opening; ``who`` by their short name."""

    after: timedelta
    who: str
    move: Move
    text: str = ""
    severity: int = 0


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """A request that ``who`` opened so long ``ago``; with ``log`` a file of that text came with it."""

    who: str
    ago: timedelta
    severity: int
    subject: str
    text: str
    turns: tuple[Turn, ...] = ()
    log: str = ""


@dataclass(frozen=True, slots=True)
class DemoCallback:
    """Somebody who asked so long ``ago`` to be rung; without ``who`` nobody whom we know."""

    ago: timedelta
    number: str
    who: str = ""
    topic: str = ""


def _days(count: float) -> timedelta:
    return timedelta(days=count)


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


# The earliest first, so that their references rise with time.
REQUESTS = (
    DemoRequest(
        "vera",
        _days(9),
        2,
        "Nobody can sign in",
        "Since eight o'clock the sign-in page loads for a minute, and then an error comes.",
        (
            Turn(_minutes(5), "vera", Move.SEVERITY, "Now it does not load at all", 1),
            Turn(_minutes(12), "sam", Move.MESSAGE, "I see it too, and Lev looks at the sign-in service."),
            Turn(_minutes(95), "sam", Move.NEXT_STEP, "A certificate had run out. It is renewed: try again."),
            Turn(_minutes(110), "vera", Move.MESSAGE, "Everybody is in. Thank you!"),
            Turn(_minutes(112), "sam", Move.SOLVE),
        ),
    ),
    DemoRequest(
        "pavel",
        _days(6),
        5,
        "Как перенести заявки прошлого года в архив?",
        "Хотим, чтобы их не было видно в списках, но чтобы отчёты по ним строились.",
        (
            Turn(_minutes(50), "sam", Move.MESSAGE, "Добрый день! Есть правило архива, пришлю описание."),
            Turn(_days(1), "sam", Move.MESSAGE, "Описание готово: правило включается в настройках списков."),
            Turn(_days(1.1), "pavel", Move.SOLVE),
        ),
    ),
    DemoRequest(
        "pavel",
        _days(5),
        3,
        "Не забирается почта",
        "Со вчерашнего вечера письма из общего ящика не попадают в заявки.",
    ),
    DemoRequest(
        "mallory",
        _days(3),
        3,
        "The link to our warehouse fails",
        "Orders do not arrive there; the log is attached.",
        (
            Turn(_minutes(40), "rita", Move.MESSAGE, "The warehouse refuses our key. Is there a new one?"),
            Turn(_minutes(45), "rita", Move.WAIT, "Please renew it on your side and tell me."),
        ),
        log="09:12:44 POST /orders 403 Forbidden\n09:13:44 POST /orders 403 Forbidden\n",
    ),
    DemoRequest(
        "vera",
        _days(2),
        4,
        "A report sorts names wrongly",
        "Names that begin with Å stand before A. They belong at the end.",
        (Turn(_minutes(70), "sam", Move.MESSAGE, "True, that is a bug. I tell you when it is mended."),),
    ),
    DemoRequest(
        "vera",
        _minutes(90),
        3,
        "The export stops at 10,000 rows",
        "The file is always cut at the same row. Its log is attached.",
        (
            Turn(_minutes(15), "sam", Move.MESSAGE, "Thank you for the log. I look into it now."),
            Turn(_minutes(35), "sam", Move.NOTE, "A limit of the new exporter; Lev knows of it."),
        ),
        log="export started\n10000 rows written\nexport finished\n",
    ),
    DemoRequest(
        "vera",
        _minutes(38),
        2,
        "Every page takes a minute",
        "It works, but so slowly that half of our people have stopped.",
    ),
)

CALLBACKS = (
    DemoCallback(_days(4), "+421905550199"),
    DemoCallback(_minutes(25), "+73435550101", "pavel", "Хочу показать, где пропадают письма"),
)
