"""What can go wrong around the talk. Each message says what happened and what to do next."""

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
    """A part of the program broke, as the log says. Nothing is lost: start it again, and tell us about it."""


class NoFailedMessages(TrustRecoverError):
    """None of these messages was given up. `trust-recover outbox` lists those that were."""
