"""Which workspaces are served, where the operator lists them."""

from dataclasses import dataclass
from math import inf

from adapters.slack.directory.installations import Installation, InstallationSource
from flows.errors import TrustRecoverError

WORKSPACES_SETTING = "TRUST_RECOVER_SLACK_ALLOWED_WORKSPACES"


class WorkspaceNotAllowed(TrustRecoverError):
    """A workspace that the operator did not list."""

    def __init__(self, workspace: str) -> None:
        """`workspace`: the id of the workspace or organisation."""
        super().__init__(f"{WORKSPACES_SETTING} does not name {workspace}")


@dataclass(frozen=True, slots=True)
class AllowedWorkspaces:
    """Ids of workspaces and organisations. None means that all are served."""

    ids: frozenset[str] = frozenset()

    def check(self, enterprise: str, team: str) -> None:
        """Return if an installation there is served. `team`: empty for an installation in a whole organisation.

        Raises:
            WorkspaceNotAllowed: it is not served.

        """
        if self.ids and not self.ids & {enterprise, team}:
            raise WorkspaceNotAllowed(team or enterprise)

    def includes(self, installation: Installation) -> bool:
        """Whether this installation is served."""
        return not self.ids or bool(self.ids & {installation.enterprise, installation.team})


@dataclass(frozen=True, slots=True)
class ServedInstallations:
    """The installations that are served: those of other workspaces are there, and not found."""

    source: InstallationSource
    allowed: AllowedWorkspaces

    async def find(self, workspace: str) -> Installation | None:
        """The installation of exactly this workspace, or of this organisation."""
        return self._served(await self.source.find(workspace))

    async def find_for_team(self, enterprise: str | None, team: str | None, *, org: bool) -> Installation | None:
        """The installation that answers for this team: its own, or else its organisation's."""
        return self._served(await self.source.find_for_team(enterprise, team, org=org))

    async def forget(self, workspace: str, at: float = inf) -> None:
        """The app was removed there, at this time."""
        await self.source.forget(workspace, at)

    def _served(self, installation: Installation | None) -> Installation | None:
        return installation if installation is not None and self.allowed.includes(installation) else None
