"""The project's one base exception. A subclass's docstring is its default message."""


class TrustRecoverError(Exception):
    """Something in trust-recover went wrong."""

    def __init__(self, message: str | None = None) -> None:
        """Say what happened and what to do next; without a message, the class's docstring does."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class UnknownAction(TrustRecoverError):
    """The guide has no such button, so nothing was changed. Open the guide again and use its buttons."""


class UnknownForm(TrustRecoverError):
    """There is no such form, or what it was about no longer exists. Open the guide again."""


class UnreadableData(TrustRecoverError):
    """Stored data cannot be read. A newer release may have written it."""
