"""What can go wrong around the talk. Each message says what happened and what to do next."""

from flows.errors import TrustRecoverError


class BadSettings(TrustRecoverError):  # noqa: N818 - reads as what it is
    """The settings do not fit together."""


class DatabaseBusy(TrustRecoverError):  # noqa: N818 - reads as what it is
    """Another process uses this SQLite file. Stop it first, or give this one its own database."""


class DatabaseUnusable(TrustRecoverError):  # noqa: N818 - reads as what it is
    """The database cannot be opened or written."""


class DatabaseTooNew(TrustRecoverError):  # noqa: N818 - reads as what it is
    """The database was written by a newer release. Install that release, or restore a backup made before it."""


class DatabaseTooOld(TrustRecoverError):  # noqa: N818 - reads as what it is
    """The database is not up to date. Run `trust-recover migrate` first."""


class FlowChanged(TrustRecoverError):  # noqa: N818 - reads as what it is
    """A flow was changed without a new version number while recoveries run under it."""


class PortTaken(TrustRecoverError):  # noqa: N818 - reads as what it is
    """Another program listens on this port."""
