"""The errors of the application. Each message says what happened and what to do next."""

from flows.errors import TrustRecoverError


class BadSettings(TrustRecoverError):
    """The settings do not fit together."""


class DatabaseBusy(TrustRecoverError):
    """Another process uses this SQLite file. Stop it first, or give this one its own database."""


class DatabaseUnusable(TrustRecoverError):
    """The database cannot be opened or written."""


class DatabaseTooNew(TrustRecoverError):
    """The database was written by a newer release. Install that release, or restore a backup from before it."""


class DatabaseTooOld(TrustRecoverError):
    """The tables of the database are older than this release. Run `trust-recover migrate` first."""


class FlowVersionConflict(TrustRecoverError):
    """A flow file was changed, but not its version, and recoveries use that version. Raise `version` in the file."""


class PortInUse(TrustRecoverError):
    """Another program already listens on this port. Choose another one with --port."""


class BackgroundLoopFailure(TrustRecoverError):
    """A part of the program stopped because of an error; the log shows it. Nothing is lost: start the program again."""


class NoFailedMessages(TrustRecoverError):
    """None of these messages has failed. `trust-recover outbox` lists the failed messages."""
