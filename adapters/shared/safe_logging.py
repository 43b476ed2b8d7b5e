"""Errors for the log: their type and place, never a message that may quote a client."""

import traceback

from sqlalchemy.exc import DBAPIError

from flows.errors import TrustRecoverError

MAX_FRAMES = 3


def safe_description(error: BaseException) -> str:
    """One line about an error: the message of our own errors, the type and place of all others."""
    if isinstance(error, TrustRecoverError):
        return str(error)
    if isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {_primary_message(error)}"
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    return " ← ".join([type(error).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))])


def _primary_message(error: DBAPIError) -> str:
    """What the database says first: PostgreSQL's details may quote a row."""
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "message_primary", None) or str(error.orig)
