"""The errors of the application. Each message says what happened and what to do next."""

from flows.errors import TrustRecoverError


class BadSettings(TrustRecoverError):
    """The settings do not fit together."""


class DatabaseBusy(TrustRecoverError):
    """Another process uses this SQLite file. Stop it first, or give this one its own database."""


class DatabaseUnusable(TrustRecoverError):
    """The database cannot be opened or written."""


class DatabaseTooNew(TrustRecoverError):
    """The database was written by a newer release. Install that release, or restore a backup made before it."""


class DatabaseTooOld(TrustRecoverError):
    """The database is not up to date. Run `trust-recover migrate` first."""


class FlowChanged(TrustRecoverError):
    """A flow was changed without a new version number while recoveries run under it."""


class PortInUse(TrustRecoverError):
    """Another program listens on this port."""


class BackgroundLoopFailed(TrustRecoverError):
    """A part of the program stopped because of an error; the log shows it. Nothing is lost: start the program again."""


class NoFailedMessages(TrustRecoverError):
    """None of these messages has failed. `trust-recover outbox` lists the failed messages."""
