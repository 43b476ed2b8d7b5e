"""One payload of every kind that Slack documents, as another app's: nothing in them was made by this product.

Written after Slack's reference (docs.slack.dev): slash commands, interaction payloads, Events API, Socket Mode.
"""

from collections.abc import Iterator

from tests.peers.slack.team import Json

TEAM, USER, CHANNEL, APP_ID, TS = "T0NORTHWIND", "U0DOCUMENT", "C0DOCUMENT", "A0DOCUMENT", "1700000000.000100"
TEXT = {"type": "plain_text", "text": "Choose", "emoji": True}
OPTION = {"text": TEXT, "value": "value-0"}

ELEMENT_STATES: dict[str, Json] = {
    "button": {"text": TEXT, "value": "approve"},
    "checkboxes": {"selected_options": [OPTION]},
    "datepicker": {"selected_date": "2027-03-01", "initial_date": None},
    "datetimepicker": {"selected_date_time": 1700000000},
    "timepicker": {"selected_time": "09:30"},
    "email_text_input": {"value": "ana@example.com"},
    "url_text_input": {"value": "https://example.com"},
    "number_input": {"value": "8.25"},
    "plain_text_input": {"value": "hello"},
    "file_input": {"files": [{"id": "F0DOCUMENT", "name": "a.txt", "mode": "hosted"}]},
    "rich_text_input": {"rich_text_value": {"type": "rich_text", "elements": []}},
    "radio_buttons": {"selected_option": OPTION},
    "overflow": {"selected_option": OPTION},
    "static_select": {"selected_option": OPTION, "placeholder": TEXT},
    "external_select": {"selected_option": OPTION},
    "users_select": {"selected_user": USER},
    "conversations_select": {"selected_conversation": CHANNEL},
    "channels_select": {"selected_channel": CHANNEL},
    "multi_static_select": {"selected_options": [OPTION]},
    "multi_external_select": {"selected_options": [OPTION]},
    "multi_users_select": {"selected_users": [USER]},
    "multi_conversations_select": {"selected_conversations": [CHANNEL]},
    "multi_channels_select": {"selected_channels": [CHANNEL]},
    "workflow_button": {"text": TEXT, "workflow": {"trigger": {"url": "https://example.com/trigger"}}},
    "feedback_buttons": {"text": TEXT, "value": "good"},
    "icon_button": {"icon": "trash", "text": TEXT, "value": "delete"},
}
"""What an action, or a view's state, says of each interactive element of Block Kit."""


def command(text: str = "hello", name: str = "/deploy") -> Json:
    return {
        "token": "made-up", "team_id": TEAM, "team_domain": "northwind", "channel_id": CHANNEL,
        "channel_name": "general", "user_id": USER, "user_name": "ana", "command": name, "text": text,
        "api_app_id": APP_ID, "is_enterprise_install": "false", "response_url": "https://hooks.slack.com/commands/1",
        "trigger_id": "1.2.3",
    }  # fmt: skip


def interaction(kind: str, **fields: object) -> Json:
    """What all interactions have."""
    return {
        "type": kind, "token": "made-up", "api_app_id": APP_ID, "trigger_id": "1.2.3", "is_enterprise_install": False,
        "enterprise": None, "team": {"id": TEAM, "domain": "northwind"},
        "user": {"id": USER, "username": "ana", "name": "ana", "team_id": TEAM}, **fields,
    }  # fmt: skip


def message() -> Json:
    return {
        "type": "message", "user": USER, "ts": TS, "text": "hello", "team": TEAM, "bot_id": "B0DOCUMENT",
        "blocks": [{"type": "section", "block_id": "b", "text": TEXT}],
    }  # fmt: skip


def view(kind: str = "modal", **fields: object) -> Json:
    return {
        "id": "V0DOCUMENT", "team_id": TEAM, "type": kind, "callback_id": "somebody_elses", "hash": "1.abc",
        "private_metadata": "", "title": TEXT, "submit": TEXT, "close": None, "blocks": [{"type": "divider"}],
        "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": "hello"}}}}, "clear_on_close": False,
        "notify_on_close": True, "previous_view_id": None, "root_view_id": "V0DOCUMENT", "app_id": APP_ID,
        "external_id": "", "app_installed_team_id": TEAM, "bot_id": "B0DOCUMENT", **fields,
    }  # fmt: skip


def block_actions(kind: str, container: str = "message") -> Json:
    action = {"type": kind, "action_id": f"their_{kind}", "block_id": "b", "action_ts": TS} | ELEMENT_STATES[kind]
    place: dict[str, Json] = {
        "message": {
            "container": {"type": "message", "message_ts": TS, "channel_id": CHANNEL, "is_ephemeral": False},
            "channel": {"id": CHANNEL, "name": "general"},
            "message": message(),
            "response_url": "https://hooks.slack.com/actions/1",
        },
        "message_attachment": {
            "container": {"type": "message_attachment", "message_ts": TS, "attachment_id": 1, "channel_id": CHANNEL},
            "channel": {"id": CHANNEL, "name": "general"},
            "app_unfurl": {"id": 1, "is_app_unfurl": True},
        },
        "modal": {"container": {"type": "view", "view_id": "V0DOCUMENT"}, "view": view()},
        "home": {"container": {"type": "view", "view_id": "V0DOCUMENT"}, "view": view("home")},
    }
    return interaction(
        "block_actions", actions=[action], state={"values": {"b": {f"their_{kind}": action}}}, **place[container]
    )


def interactions() -> Iterator[tuple[str, Json]]:
    """Every kind of interaction, by a name."""
    for kind in ELEMENT_STATES:
        yield f"block_actions of a {kind}", block_actions(kind)
    for container in ("message_attachment", "modal", "home"):
        yield f"block_actions in a {container}", block_actions("button", container)
    channel = {"id": CHANNEL, "name": "general"}
    yield "shortcut", interaction("shortcut", callback_id="theirs", action_ts=TS)
    yield (
        "message_action",
        interaction("message_action", callback_id="theirs", message_ts=TS, channel=channel, message=message()),
    )
    yield "view_submission", interaction("view_submission", view=view(), response_urls=[])
    yield "view_closed", interaction("view_closed", view=view(), is_cleared=False)
    yield (
        "block_suggestion",
        interaction("block_suggestion", action_id="a", block_id="b", value="he", container={"type": "view"}),
    )
    legacy = {"callback_id": "theirs", "action_ts": TS, "channel": channel, "message_ts": TS, "attachment_id": "1"}
    yield (
        "interactive_message with a button",
        interaction("interactive_message", actions=[{"name": "yes", "type": "button", "value": "1"}], **legacy),
    )
    menu = {"name": "which", "type": "select", "selected_options": [{"value": "1"}]}
    yield "interactive_message with a menu", interaction("interactive_message", actions=[menu], **legacy)
    yield (
        "interactive_message that asks for options",
        interaction("interactive_message", name="a", value="he", **legacy),
    )
    yield "dialog_submission", interaction("dialog_submission", submission={"name": "x"}, state="s", **legacy)
    yield "dialog_cancellation", interaction("dialog_cancellation", state="s", **legacy)
    yield "dialog_suggestion", interaction("dialog_suggestion", name="a", value="he", **legacy)
    step = {"workflow_id": "W0", "step_id": "S0", "inputs": {}, "outputs": []}
    yield "workflow_step_edit", interaction("workflow_step_edit", callback_id="theirs", workflow_step=step)
    yield (
        "view_submission of a workflow step",
        interaction("view_submission", view=view("workflow_step"), workflow_step=step),
    )
    function = {"execution_id": "Fx0", "function": {"callback_id": "theirs"}, "inputs": {}}
    yield (
        "block_actions of a function",
        block_actions("button") | {"function_data": function, "bot_access_token": "xwfp-made-up"},
    )
    yield "message_action_options", interaction("message_action_options", callback_id="theirs")


def event_callback(event: Json, event_id: str = "Ev0DOCUMENT", **fields: object) -> Json:
    """What all events have."""
    authorization = {
        "enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": False
    }  # fmt: skip
    return {
        "type": "event_callback", "token": "made-up", "team_id": TEAM, "api_app_id": APP_ID, "event": event,
        "event_id": event_id, "event_time": 1700000000, "authorizations": [authorization],
        "is_ext_shared_channel": False, "event_context": "4-abc", **fields,
    }  # fmt: skip


_USER_OBJECT = {"id": USER, "team_id": TEAM, "name": "ana", "deleted": False, "profile": {"display_name": "Ana"}}
_ITEM = {"type": "message", "channel": CHANNEL, "ts": TS}
_FILE = {"file_id": "F0DOCUMENT", "file": {"id": "F0DOCUMENT"}}
_CHANNEL_OBJECT = {"id": CHANNEL, "name": "general", "created": 1700000000, "creator": USER}
_SUBTYPES: dict[str, Json] = {
    "bot_message": {"bot_id": "B0DOCUMENT", "username": "robot", "icons": {}},
    "me_message": {"user": USER},
    "message_changed": {"message": message(), "previous_message": message(), "hidden": True},
    "message_deleted": {"deleted_ts": TS, "previous_message": message(), "hidden": True},
    "message_replied": {"message": message() | {"thread_ts": TS, "reply_count": 1}},
    "thread_broadcast": {"user": USER, "thread_ts": TS, "root": message()},
    "file_share": {"user": USER, "files": [{"id": "F0DOCUMENT", "mode": "hosted"}]},
    "channel_join": {"user": USER, "inviter": USER},
    "channel_leave": {"user": USER},
    "channel_topic": {"user": USER, "topic": "t"},
    "channel_purpose": {"user": USER, "purpose": "p"},
    "channel_name": {"user": USER, "old_name": "a", "name": "b"},
    "channel_archive": {"user": USER, "members": [USER]},
    "channel_unarchive": {"user": USER},
    "channel_posting_permissions": {"user": USER},
    "channel_convert_to_private": {"user": USER},
    "channel_convert_to_public": {"user": USER},
    "group_join": {"user": USER},
    "group_topic": {"user": USER, "topic": "t"},
    "ekm_access_denied": {"user": "UREVOKEDU"},
    "assistant_app_thread": {"user": USER, "thread_ts": TS, "assistant_app_thread": {"title": "t"}},
    "bot_add": {"user": USER, "bot_id": "B0DOCUMENT"},
    "bot_remove": {"user": USER, "bot_id": "B0DOCUMENT"},
    "reminder_add": {"user": USER},
    "pinned_item": {"user": USER, "item": _ITEM},
    "sh_room_created": {"user": USER, "room": {"id": "R0"}},
    "tombstone": {"user": "USLACKBOT", "hidden": True},
}

EVENTS: dict[str, Json] = {
    "agent_session_stopped": {"user": USER, "channel": CHANNEL, "thread_ts": TS},
    "app_deleted": {"app_id": APP_ID},
    "app_home_opened": {"user": USER, "channel": "D0DOCUMENT", "tab": "messages"},
    "app_installed": {"app_id": APP_ID, "user_id": USER},
    "app_mention": {"user": USER, "text": "<@U0BOT> hello", "ts": TS, "channel": CHANNEL},
    "app_requested": {"app_request": {"id": "1", "app": {"id": APP_ID}}},
    "app_uninstalled_team": {"app_id": APP_ID},
    "assistant_thread_context_changed": {"assistant_thread": {"user_id": USER, "context": {}, "channel_id": "D0"}},
    "assistant_thread_started": {"assistant_thread": {"user_id": USER, "context": {}, "channel_id": "D0"}},
    "call_rejected": {"call_id": "1", "user_id": USER, "channel_id": CHANNEL},
    "channel_archive": {"channel": CHANNEL, "user": USER},
    "channel_created": {"channel": _CHANNEL_OBJECT},
    "channel_deleted": {"channel": CHANNEL},
    "channel_history_changed": {"latest": TS, "ts": TS},
    "channel_id_changed": {"old_channel_id": "G0DOCUMENT", "new_channel_id": "C0DOCUMENT2"},
    "channel_left": {"channel": CHANNEL},
    "channel_rename": {"channel": _CHANNEL_OBJECT},
    "channel_shared": {"connected_team_id": "T0OTHER", "channel": CHANNEL},
    "channel_unarchive": {"channel": CHANNEL, "user": USER},
    "channel_unshared": {"previously_connected_team_id": "T0OTHER", "channel": CHANNEL, "is_ext_shared": False},
    "dnd_updated": {"user": USER, "dnd_status": {"dnd_enabled": True}},
    "dnd_updated_user": {"user": USER, "dnd_status": {"dnd_enabled": True}},
    "email_domain_changed": {"email_domain": "example.com"},
    "emoji_changed": {"subtype": "add", "name": "picard", "value": "https://example.com/a.png"},
    "entity_details_requested": {"user": USER, "external_ref": {"id": "1"}, "entity_url": "https://example.com"},
    "file_change": _FILE,
    "file_comment_added": _FILE | {"comment": {}},
    "file_comment_deleted": _FILE | {"comment": "Fc0"},
    "file_comment_edited": _FILE | {"comment": {}},
    "file_created": _FILE | {"user_id": USER},
    "file_deleted": _FILE,
    "file_public": _FILE,
    "file_shared": _FILE | {"channel_id": CHANNEL},
    "file_unshared": _FILE,
    "function_executed": {
        "function": {"id": "Fn0", "callback_id": "theirs"}, "inputs": {}, "function_execution_id": "Fx0",
        "workflow_execution_id": "Wx0", "bot_access_token": "xwfp-made-up",
    },
    "grid_migration_finished": {"enterprise_id": "E0"},
    "grid_migration_started": {"enterprise_id": "E0"},
    "group_archive": {"channel": "G0DOCUMENT"},
    "group_close": {"user": USER, "channel": "G0DOCUMENT"},
    "group_deleted": {"channel": "G0DOCUMENT"},
    "group_history_changed": {"latest": TS},
    "group_left": {"channel": "G0DOCUMENT"},
    "group_open": {"user": USER, "channel": "G0DOCUMENT"},
    "group_rename": {"channel": _CHANNEL_OBJECT},
    "group_unarchive": {"channel": "G0DOCUMENT"},
    "im_close": {"user": USER, "channel": "D0DOCUMENT"},
    "im_created": {"user": USER, "channel": _CHANNEL_OBJECT},
    "im_history_changed": {"latest": TS},
    "im_open": {"user": USER, "channel": "D0DOCUMENT"},
    "invite_requested": {"invite_request": {"id": "1", "email": "ana@example.com"}},
    "link_shared": {"channel": CHANNEL, "user": USER, "message_ts": TS, "links": [{"url": "https://example.com"}]},
    "member_joined_channel": {"user": USER, "channel": CHANNEL, "channel_type": "C", "team": TEAM},
    "member_left_channel": {"user": USER, "channel": CHANNEL, "channel_type": "C", "team": TEAM},
    "message_metadata_deleted": {"channel_id": CHANNEL, "user_id": USER, "previous_metadata": {}},
    "message_metadata_posted": {"channel_id": CHANNEL, "user_id": USER, "metadata": {"event_type": "x"}},
    "message_metadata_updated": {"channel_id": CHANNEL, "user_id": USER, "metadata": {}, "previous_metadata": {}},
    "pin_added": {"user": USER, "channel_id": CHANNEL, "item": _ITEM},
    "pin_removed": {"user": USER, "channel_id": CHANNEL, "item": _ITEM, "has_pins": False},
    "reaction_added": {"user": USER, "reaction": "+1", "item_user": USER, "item": _ITEM},
    "reaction_removed": {"user": USER, "reaction": "+1", "item_user": USER, "item": _ITEM},
    "scope_denied": {"scopes": ["chat:write"], "trigger_id": "1.2"},
    "scope_granted": {"scopes": ["chat:write"], "trigger_id": "1.2"},
    "shared_channel_invite_accepted": {"approval_required": False, "invite": {"id": "I0"}, "channel": _CHANNEL_OBJECT},
    "shared_channel_invite_approved": {"invite": {"id": "I0"}, "channel": _CHANNEL_OBJECT},
    "shared_channel_invite_declined": {"invite": {"id": "I0"}, "channel": _CHANNEL_OBJECT},
    "shared_channel_invite_received": {"invite": {"id": "I0"}, "channel": _CHANNEL_OBJECT},
    "shared_channel_invite_requested": {"actor": _USER_OBJECT, "channel_id": CHANNEL, "target_users": []},
    "star_added": {"user": USER, "item": _ITEM},
    "star_removed": {"user": USER, "item": _ITEM},
    "subteam_created": {"subteam": {"id": "S0"}},
    "subteam_members_changed": {"subteam_id": "S0", "added_users": [USER]},
    "subteam_self_added": {"subteam_id": "S0"},
    "subteam_self_removed": {"subteam_id": "S0"},
    "subteam_updated": {"subteam": {"id": "S0"}},
    "team_access_granted": {"team_ids": [TEAM]},
    "team_access_revoked": {"team_ids": [TEAM]},
    "team_domain_change": {"url": "https://example.slack.com", "domain": "example"},
    "team_join": {"user": _USER_OBJECT},
    "team_rename": {"name": "New"},
    "tokens_revoked": {"tokens": {"oauth": [USER], "bot": []}},
    "user_change": {"user": _USER_OBJECT},
    "user_connection": {"user_id": USER, "trigger_id": "1.2"},
    "user_huddle_changed": {"user": _USER_OBJECT},
    "user_profile_changed": {"user": _USER_OBJECT},
    "user_resource_denied": {"user": USER, "trigger_id": "1.2"},
    "user_resource_granted": {"user": USER, "trigger_id": "1.2"},
    "user_resource_removed": {"user": USER, "trigger_id": "1.2"},
    "user_status_changed": {"user": _USER_OBJECT},
    "workflow_deleted": {"workflow_id": "W0"},
    "workflow_published": {"workflow_id": "W0"},
    "workflow_step_deleted": {"workflow_id": "W0"},
    "workflow_step_execute": {"callback_id": "theirs", "workflow_step": {"workflow_step_execute_id": "1"}},
    "workflow_unpublished": {"workflow_id": "W0"},
}  # fmt: skip
"""Every type of event, but for the one that ends an installation (`app_uninstalled`)."""


def events() -> Iterator[tuple[str, Json]]:
    """Every type of event, and every subtype of a message, by a name."""
    for kind, fields in EVENTS.items():
        yield kind, event_callback({"type": kind, "event_ts": TS, **fields}, f"Ev{kind}")
    for channel_type in ("channel", "group", "im", "mpim", "app_home"):
        message_event = message() | {"channel": CHANNEL, "channel_type": channel_type, "event_ts": TS}
        yield f"message in a {channel_type}", event_callback(message_event, f"Ev{channel_type}")
    for subtype, fields in _SUBTYPES.items():
        event = {"type": "message", "subtype": subtype, "channel": CHANNEL, "channel_type": "channel", "text": "hello"}
        yield (
            f"message that is a {subtype}",
            event_callback(event | {"ts": TS, "event_ts": TS} | fields, f"Ev{subtype}"),
        )


URL_VERIFICATION: Json = {"type": "url_verification", "token": "made-up", "challenge": "3eZbrw1aBm2rZgRN"}
APP_RATE_LIMITED: Json = {
    "type": "app_rate_limited", "token": "made-up", "team_id": TEAM, "minute_rate_limited": 1700000040,
    "api_app_id": APP_ID,
}  # fmt: skip
SSL_CHECK = {"ssl_check": "1", "token": "made-up"}
