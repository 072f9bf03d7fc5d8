"""The base of all errors that a person can be told about."""


class DomainError(Exception):
    """A rule of the domain said no; ``status`` is the HTTP status it is shown with.

    ``code`` is a short stable word for programs (problem type, tests); the text for people is made where
    it is shown, from the class and its attributes, in the reader's language.
    """

    status = 422
    code = "refused"
