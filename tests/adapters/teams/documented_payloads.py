"""Every kind of activity that Microsoft documents for Teams, as its documents show it: their shapes, our own words.

From “Conversation events in your Teams bot”, “Messages in bot conversations”, “Channel and group chat conversations”,
“Invoke activity for bot events”, “Apps for shared and private channels”, the reference of message extensions, dialogs,
meetings and file consent, and the Bot Framework's activity schema. `channelMember…` and `teamHardDeleted` are named
there without a sample: they are written like their neighbours.
"""

import asyncio
import json
from typing import Any

from tests.adapters.teams import fake_microsoft
from tests.adapters.teams.fake_connector import BOT, CHANNEL, GROUP, GROUP_ID, SHARED, TEAM
from tests.adapters.teams.fake_microsoft import TENANT
from tests.adapters.teams.harness import Reply, TeamsHarness

Json = dict[str, Any]

DANA = {"id": "29:dana", "name": "Dana", "aadObjectId": "object-dana"}
ANOTHER_CHANNEL = "19:6d97d816470f481dbcda38244b98689a@thread.tacv2"
CHAT = "a:dana"
SECONDS = 20.0
"""In which every request must be answered, on a slow machine too."""


def base(kind: str, conversation: Json, channel_data: Json | None = None, **more: object) -> Json:
    """What all activities of Teams have."""
    return {
        "type": kind,
        "id": "f:dd6ec311",
        "timestamp": "2026-02-23T19:34:07.478Z",
        "localTimestamp": "2026-02-23T12:34:07.478-07:00",
        "channelId": "msteams",
        "from": DANA,
        "conversation": conversation,
        "recipient": {"id": BOT, "name": "Trust Recover"},
        "channelData": {"tenant": {"id": TENANT}} | (channel_data or {}),
    } | more


def in_chat(kind: str, **more: object) -> Json:
    return base(kind, {"conversationType": "personal", "id": CHAT, "tenantId": TENANT}, {}, **more)


def in_group(kind: str, **more: object) -> Json:
    conversation = {"isGroup": True, "conversationType": "groupChat", "id": GROUP, "tenantId": TENANT}
    return base(kind, conversation, {}, **more)


def in_channel(kind: str, **more: object) -> Json:
    conversation = {"isGroup": True, "conversationType": "channel", "id": f"{CHANNEL};messageid=1500000000000"}
    channel_data = {"channel": {"id": CHANNEL}, "team": {"id": TEAM, "aadGroupId": GROUP_ID}}
    return base(kind, conversation, channel_data, **more)


def team_event(event_type: str, team: str = TEAM, **more: object) -> Json:
    """An event of a whole team: `conversation.id` is the team's, which is also that of its General channel."""
    conversation = {"isGroup": True, "conversationType": "channel", "id": team}
    channel_data = {"team": {"id": team, "name": "Team Name"}, "eventType": event_type}
    return base("conversationUpdate", conversation, channel_data, **more)


def channel_event(event_type: str, channel: str, team: str = TEAM, kind: str = "", **more: object) -> Json:
    """An event of one channel: it is named in `channelData.channel.id`, and its team in `conversation.id`."""
    event = team_event(event_type, team, **more)
    event["channelData"]["channel"] = {"id": channel, "name": "Photography"} | ({"type": kind} if kind else {})
    return event


def shared_with(field: str) -> Json:
    team = {"id": "19:other@thread.tacv2", "name": "Other", "aadGroupId": GROUP_ID, "tenantId": TENANT}
    return {field: [team]}


def message(activity: Json, text: str, **more: object) -> Json:
    client = {"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web", "timezone": "UTC"}
    mention = {"type": "mention", "text": "<at>Trust Recover</at>", "mentioned": {"id": BOT, "name": "Trust Recover"}}
    return activity | {"text": text, "textFormat": "plain", "locale": "en-US", "entities": [mention, client]} | more


MEMBER = {"id": "29:ben", "name": "Ben", "aadObjectId": "object-ben"}
MESSAGE_PAYLOAD: Json = {
    "linkToMessage": "https://teams.microsoft.com/l/message/19:acme@thread.tacv2/1611060744833",
    "id": "1611060744833",
    "replyToId": None,
    "createdDateTime": "2026-01-19T12:52:24.833Z",
    "lastModifiedDateTime": None,
    "deleted": False,
    "subject": None,
    "summary": None,
    "importance": "normal",
    "locale": "en-us",
    "body": {"contentType": "html", "content": '<div><div><at id="0">Trust Recover</at> - Hi</div>\n</div>'},
    "from": {
        "device": None,
        "conversation": None,
        "user": {"userIdentityType": "aadUser", "id": "object-kim", "displayName": "Kim"},
        "application": None,
    },
    "reactions": [],
    "mentions": [{"id": 0, "mentionText": "Trust Recover", "mentioned": {"application": {"id": BOT}}}],
    "attachments": [],
}
EXTENSION: Json = {"commandId": "recoverHere", "commandContext": "message", "requestId": "e5414818becebcec649a7912"}
TAP: Json = {
    "type": "Action.Execute",
    "id": "x",
    "verb": "tap",
    "data": {"recovery": "", "revision": 0, "action": "open:more"},
}
FILE: Json = {
    "name": "report.pdf",
    "uploadUrl": "https://contoso.sharepoint.com/upload",
    "contentUrl": "https://contoso.sharepoint.com/report.pdf",
    "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C8C",
    "fileType": "pdf",
}
MEETING: Json = {
    "MeetingType": "Scheduled",
    "Title": "Meeting Start/End Event",
    "Id": "MCMxOTptZWV0aW5nX1pUTmtNek@thread.v2#0",
    "JoinUrl": "https://teams.microsoft.com/l/meetup-join/19%3ameeting",
    "StartTime": "2026-04-29T16:17:17.4388966Z",
}
MEETING_MEMBERS: Json = {"members": [{"user": DANA, "meeting": {"role": "Organizer", "inMeeting": True}}]}

EDITED: Json = {"eventType": "editMessage", "tenant": {"id": TENANT}}
GONE = "19:gone@thread.tacv2"
CHANNEL_EVENTS = ("channelCreated", "channelRenamed", "channelDeleted", "channelRestored")
TEAM_EVENTS = (
    "teamRenamed", "teamDeleted", "teamHardDeleted", "teamrestored", "teamRestored", "teamArchived", "teamUnarchived"
)  # fmt: skip
MESSAGES: dict[str, Json] = {
    "message": message(in_chat("message"), "help"),
    "message with a mention": message(in_channel("message"), "<at>Trust Recover</at> help"),
    "message in a group": message(in_group("message"), "<at>Trust Recover</at> help"),
    "message with html": message(
        in_channel("message"),
        "Trust Recover help",
        attachments=[{"contentType": "text/html", "content": "<div><at>Trust Recover</at> help</div>"}],
    ),
    "message with a file": message(
        in_chat("message"),
        "",
        attachments=[
            {
                "contentType": "application/vnd.microsoft.teams.file.download.info",
                "contentUrl": "https://contoso.sharepoint.com/x.txt",
                "name": "x.txt",
                "content": {"downloadUrl": "https://download.example", "uniqueId": "1", "fileType": "txt"},
            }
        ],
    ),
    "message with a picture": message(in_chat("message"), "", attachments=[{"contentType": "image/*"}]),
    "message of a card's button": message(in_chat("message"), "", value={"button": "x"}, replyToId="1"),
    "message that others read": message(in_channel("message"), "hello", entities=[]),
    "message edited": message(in_chat("messageUpdate"), "help", channelData=EDITED),
    "message restored": message(
        in_chat("messageUpdate"), "help", channelData=EDITED | {"eventType": "undeleteMessage"}
    ),
    "message deleted": in_chat("messageDelete", channelData=EDITED | {"eventType": "softDeleteMessage"}),
    "reaction added": in_channel("messageReaction", reactionsAdded=[{"type": "like"}], replyToId="1575667808184"),
    "reaction removed": in_channel("messageReaction", reactionsRemoved=[{"type": "like"}], replyToId="1575667808184"),
}  # fmt: skip
CONVERSATION_UPDATES: dict[str, Json] = {
    "the app added to a team": team_event(
        "teamMemberAdded", membersAdded=[{"id": BOT}], channelData={
            "settings": {"selectedChannel": {"id": CHANNEL}},
            "team": {"aadGroupId": GROUP_ID, "name": "TestTeam", "id": TEAM},
            "eventType": "teamMemberAdded",
            "tenant": {"id": TENANT},
        }
    ),
    "the app added to a chat": in_chat("conversationUpdate", membersAdded=[{"id": BOT}, DANA]),
    "the app added to a group": in_group("conversationUpdate", membersAdded=[{"id": BOT}]),
    "member added to a team": team_event("teamMemberAdded", membersAdded=[MEMBER]),
    "member removed from a team": team_event("teamMemberRemoved", membersRemoved=[MEMBER]),
    "member added to a group": in_group("conversationUpdate", membersAdded=[MEMBER]),
    "member removed from a group": in_group("conversationUpdate", membersRemoved=[MEMBER]),
    "the app removed from a team": team_event("teamMemberRemoved", GONE, membersRemoved=[{"id": BOT}]),
    "topic of a group": in_group("conversationUpdate", topicName="New topic", historyDisclosed=True),
    **{name: channel_event(name, ANOTHER_CHANNEL) for name in CHANNEL_EVENTS},
    "channelShared": channel_event("channelShared", SHARED, kind="shared"),
    "channelUnshared": channel_event("channelUnshared", SHARED, kind="shared"),
    "channelMemberAdded": channel_event("channelMemberAdded", SHARED, kind="shared", membersAdded=[MEMBER]),
    "channelMemberRemoved": channel_event("channelMemberRemoved", SHARED, kind="shared", membersRemoved=[MEMBER]),
    **{name: team_event(name, GONE) for name in TEAM_EVENTS},
    "somethingNew": team_event("somethingNew"),
}  # fmt: skip
for _name, _field in (("channelShared", "sharedWithTeams"), ("channelUnshared", "unsharedFromTeams")):
    CONVERSATION_UPDATES[_name]["channelData"] |= shared_with(_field)
INSTALLATIONS: dict[str, Json] = {
    f"installation {action} {where.__name__}": where("installationUpdate", action=action, locale="en-US")
    for action in ("add", "remove", "add-upgrade", "remove-upgrade")
    for where in (in_chat, in_group, in_channel)
}
OTHERS: dict[str, Json] = {
    "typing": in_chat("typing"),
    "endOfConversation": in_chat("endOfConversation", code="completedSuccessfully"),
    "contactRelationUpdate": in_chat("contactRelationUpdate", action="add"),
    "deleteUserData": in_chat("deleteUserData"),
    "suggestion": in_chat("suggestion", text="x", textHighlights=[]),
    "trace": in_chat("trace", name="x", label="y", valueType="z", value={}),
    "handoff": in_chat("handoff"),
    "command": in_chat("command", name="application/vnd.x", value={"commandId": "1"}),
    "commandResult": in_chat("commandResult", name="application/vnd.x", value={"commandId": "1"}),
    "invokeResponse": in_chat("invokeResponse", value={"status": 200}),
    "delay": in_chat("delay", value=1000),
    "meeting started": in_group("event", name="application/vnd.microsoft.meetingStart", value=MEETING),
    "meeting ended": in_group("event", name="application/vnd.microsoft.meetingEnd", value=MEETING | {"EndTime": "x"}),
    "meeting joined": in_group("event", name="application/vnd.microsoft.meetingParticipantJoin", value=MEETING_MEMBERS),
    "meeting left": in_group("event", name="application/vnd.microsoft.meetingParticipantLeave", value=MEETING_MEMBERS),
    "meeting reaction": in_group("event", name="application/vnd.microsoft.meetingReaction", value={"reaction": "like"}),
    "message read": in_chat("event", name="application/vnd.microsoft.readReceipt", value={"lastReadMessageId": "1"}),
    "tokens": in_chat("event", name="tokens/response", value={"connectionName": "x", "token": "y"}),
}


def invoke(name: str, value: object, **more: object) -> Json:
    return in_chat("invoke", name=name, value=value, **more)


OUR_INVOKES: dict[str, Json] = {
    "tap": invoke("adaptiveCard/action", {"action": TAP, "trigger": "manual"}, replyToId="1"),
    "automatic refresh": invoke("adaptiveCard/action", {"action": TAP, "trigger": "automatic"}),
    "another card's action": invoke("adaptiveCard/action", {"action": TAP | {"verb": "x", "data": {}}}),
    "dialog opened": invoke("task/fetch", {"data": TAP["data"], "context": {"theme": "default"}}),
    "dialog sent": invoke("task/submit", {"data": TAP["data"], "context": {"theme": "default"}}),
    "menu of a message": in_channel(
        "invoke", name="composeExtension/fetchTask", value=EXTENSION | {"messagePayload": MESSAGE_PAYLOAD}
    ),
    "menu's dialog sent": in_channel(
        "invoke", name="composeExtension/submitAction", value=EXTENSION | {"data": {}, "botActivityPreview": []}
    ),
}  # fmt: skip
OTHER_INVOKES: dict[str, Json] = {
    name: invoke(name, value)
    for name, value in {
        "fileConsent/invoke": {"type": "fileUpload", "action": "accept", "context": {}, "uploadInfo": FILE},
        "actionableMessage/executeAction": {"actionId": "x", "body": "{}"},
        "signin/verifyState": {"state": "123456"},
        "signin/tokenExchange": {"id": "1", "connectionName": "x", "token": "y"},
        "signin/failure": {"code": "x", "message": "y"},
        "composeExtension/query": {"commandId": "x", "parameters": [{"name": "q", "value": "y"}]},
        "composeExtension/queryLink": {"url": "https://e.example/"},
        "composeExtension/anonymousQueryLink": {"url": "https://e.example/"},
        "composeExtension/selectItem": {"id": "1"},
        "composeExtension/querySettingUrl": {"commandId": "x"},
        "composeExtension/setting": {"state": "x"},
        "composeExtension/onCardButtonClicked": {"x": 1},
        "tab/fetch": {"tabContext": {"tabEntityId": "x"}, "state": ""},
        "tab/submit": {"tabContext": {"tabEntityId": "x"}, "data": {"type": "tab/submit"}},
        "config/fetch": {},
        "config/submit": {"data": {}},
        "application/search": {"queryText": "x", "kind": "search", "dataset": "y"},
        "message/submitAction": {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": "{}"}},
        "message/fetchTask": {"data": {"actionName": "feedback"}},
        "handoff/action": {"continuation": "x"},
        "suggestedActions/submit": {"x": 1},
        "something/new": {"x": 1},
    }.items()
}  # fmt: skip
DOCUMENTED = MESSAGES | CONVERSATION_UPDATES | INSTALLATIONS | OTHERS | OUR_INVOKES | OTHER_INVOKES


async def post(harness: TeamsHarness, payload: Json) -> Reply:
    """What the application answers to a signed request with such a body."""
    url = harness.connector.url
    data = json.dumps({"serviceUrl": url} | payload)  # half of a surrogate pair becomes \\ud83d, as some write it
    headers = {"Authorization": fake_microsoft.header(serviceurl=url)}
    async with asyncio.timeout(SECONDS), harness.client.post("/api/messages", data=data, headers=headers) as response:
        text = await response.text()
        return Reply(response.status, json.loads(text) if text else {})
