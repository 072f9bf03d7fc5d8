"""Why somebody cannot have another calendar link."""

from app.lib.errors import DomainError


class TooManyLinks(DomainError):
    """The person has as many private links as one may have (``limit``)."""

    code = "too_many_links"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} links are made already")
        self.limit = limit
