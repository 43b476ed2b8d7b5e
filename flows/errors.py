"""The project's one base exception. A subclass's docstring is its default message."""


class TrustRecoverError(Exception):
    """Something in trust-recover went wrong."""

    def __init__(self, message: str | None = None) -> None:
        """Say what happened and what to do next; without a message, the class's docstring does."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class UnknownAction(TrustRecoverError):
    """The guide makes no such button. Open the guide again and tap there."""


class UnknownForm(TrustRecoverError):
    """No such form, or what it was about is gone. Open the guide again."""


class UnreadableData(TrustRecoverError):
    """What is stored cannot be read. A newer release may have written it."""
