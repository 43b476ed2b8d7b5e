"""Activities as the playground sends them, and Teams by its reference: for those that the playground cannot make."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.peers.teams.team import ALEX, APP_ID, BOT_NAME, GROUP, TEAM, TENANT, Json, Person, bot_id

MENTION = f"<at>{BOT_NAME}</at>"


@dataclass(frozen=True, slots=True)
class Writer:
    """Knows the bot, the tenant and where the bot shall answer."""

    service_url: str
    app_id: str = APP_ID
    tenant: str = TENANT

    def message(
        self, conversation: str, text: str, by: Person = ALEX, *, mention: bool = False, id_: str = "", **more: object
    ) -> Json:
        """Somebody wrote. `mention`: to the bot, which is then named before the text. `more`: further fields."""
        mention_entity = {
            "type": "mention",
            "mentioned": {"id": bot_id(self.app_id), "name": BOT_NAME},
            "text": MENTION,
        }
        base = self._base("message", conversation, by, id_)
        return base | {
            "text": f"{MENTION} {text}" if mention else text,
            "textFormat": "plain",
            "entities": [*([mention_entity] if mention else []), *base["entities"]],
            **more,
        }

    def invoke(self, conversation: str, name: str, value: Json, by: Person = ALEX, reply_to: str = "") -> Json:
        """Somebody pressed something that waits for an answer. `reply_to`: id of the message that held it."""
        replied = {"replyToId": reply_to} if reply_to else {}
        return self._base("invoke", conversation, by) | {"name": name, "value": value, **replied}

    def added(self, conversation: str, members: list[Json], by: Person = ALEX) -> Json:
        """Somebody, or the bot, came into a conversation."""
        return self._base("conversationUpdate", conversation, by) | {"membersAdded": members}

    def _base(self, kind: str, conversation: str, by: Person, id_: str = "") -> Json:
        channel, _, _ = conversation.partition(";messageid=")
        in_team = channel.endswith("@thread.tacv2")
        where = "channel" if in_team else "groupChat" if channel == GROUP else "personal"
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        team: Json = (
            {
                "teamsChannelId": channel,
                "teamsTeamId": TEAM,
                "channel": {"id": channel},
                "team": {"id": TEAM},
            }
            if in_team
            else {}
        )
        return {
            "type": kind,
            "id": id_ or str(uuid.uuid4()),
            "timestamp": now,
            "localTimestamp": now,
            "localTimezone": "UTC",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "locale": "en-US",
            "from": {"id": by.id, "name": by.name, "aadObjectId": by.object_id},
            "recipient": {"id": bot_id(self.app_id), "name": BOT_NAME},
            "conversation": {
                "id": conversation,
                "conversationType": where,
                "tenantId": self.tenant,
                **({} if where == "personal" else {"isGroup": True}),
            },
            "channelData": {"tenant": {"id": self.tenant}, **team},
            "entities": [
                {"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web", "timezone": "UTC"}
            ],
        }
