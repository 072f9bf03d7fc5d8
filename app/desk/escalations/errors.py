"""What can stand between a senior and an escalation."""

from app.lib.errors import DomainError


class AlreadyTaken(DomainError):
    """Another senior has it; ``name`` is who."""

    status = 409
    code = "escalation_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has it")
        self.name = name


class EscalationOver(DomainError):
    """No senior is wanted any more."""

    status = 409
    code = "escalation_over"
