"""What cannot be done with a company and its option."""

from datetime import date

from app.lib.errors import DomainError


class NameTaken(DomainError):
    """Another company has this name."""

    status = 409
    code = "company_name_taken"


class PlanWithoutOption(DomainError):
    """The option exists on the fullest plan alone."""

    code = "plan_without_option"


class OptionRuns(DomainError):
    """The plan cannot be left while the option is paid for; ``last`` is its last day, None for no end."""

    status = 409
    code = "option_runs"

    def __init__(self, last: date | None) -> None:
        super().__init__(f"the option is paid for until {last or 'further notice'}")
        self.last = last


class SpansOverlap(DomainError):
    """Some day would be paid for twice."""

    status = 409
    code = "spans_overlap"


class SpanBegun(DomainError):
    """A span that has begun is ended, not removed, and its days behind today stay as they are."""

    status = 409
    code = "span_begun"
