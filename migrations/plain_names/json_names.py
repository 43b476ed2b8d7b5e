"""The stored JSON of recoveries, events and messages by its new names, object by object.

What does not have the old shape is left as it is: then it could not be read before, and the program says so when it
comes across it.
"""

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
Change = Callable[[Any], Any]

MESSAGE_KINDS = {"whisper": "private_message"}
FAILURES = {"closed": "chat_closed", "outsiders": "external_users", "fault": "internal_error"}
VALUE_FIELDS = {
    "fact": {"told": "expression"},
    "feeling": {"confirmed": "is_confirmed"},
    "commitment": {"due": "due_at"},
    "text": {"confirmed": "is_confirmed"},
    "moment": {"at": "time"},
}
"""By the kind of a recorded value. The kinds themselves keep their names, as those in flow files do."""
ENTRY_FIELDS = {"field": "field_id", "at": "recorded_at", "by": "recorded_by"}
RECOVERY_FIELDS = {
    "shared": "has_external_users",
    "visit": "card_revision",
    "previewing": "is_previewing_summary",
    "version": "summary_version",
    "made": "last_entry_number",
    "passages": "step_visits",
    "posted": "posted_versions",
    "told": "published_commitments",
    "quiet": "is_quiet",
    "nudged": "was_nudged",
    "turn": "stay_count",
    "waiting": "nudge_reason",
    "heard": "client_message",
    "hours": "working_hours",
    "led_at": "responder_since",
    "spoke_at": "responder_wrote_at",
    "held": "deferred_timers",
    "unreached": "unreachable_people",
}
EVENTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "Start": (
        "StartRecovery",
        {"recovery": "recovery_id", "shared": "has_external_users", "hours": "working_hours"},
    ),
    "Record": ("RecordEntry", {"field": "field_id"}),
    "Edit": ("EditEntry", {"entry": "entry_id"}),
    "Remove": ("RemoveEntry", {"entry": "entry_id"}),
    "Choose": ("ChooseGate", {"gate": "gate_id", "visit": "card_revision"}),
    "Back": ("GoBack", {"visit": "card_revision"}),
    "Skip": ("SkipStep", {"visit": "card_revision"}),
    "Jump": ("JumpToStep", {"step": "step_id", "visit": "card_revision"}),
    "Snooze": ("SnoozeNudge", {}),
    "Quiet": ("SetQuiet", {"on": "is_quiet"}),
    "WorkingHours": ("SetWorkingHours", {"hours": "working_hours"}),
    "HandOver": ("HandOver", {"to": "new_responder", "hours": "working_hours"}),
    "ObserverJoins": ("AddObserver", {"who": "observer"}),
    "ObserverLeaves": ("RemoveObserver", {"who": "observer"}),
    "Tip": ("SendTip", {}),
    "ClientSpoke": ("ClientWrote", {}),
    "ResponderSpoke": ("ResponderWrote", {}),
    "ThreadShared": ("ThreadReadersChange", {"outsiders": "has_external_users"}),
    "Bind": ("BindThread", {"shared": "has_external_users"}),
    "TimerDue": ("TimerDue", {"name": "timer_name"}),
    "OpenForm": ("OpenDialog", {"form": "dialog_id"}),
    "Preview": ("PreviewSummary", {"version": "summary_version"}),
    "EditSummary": ("EditSummary", {"version": "summary_version"}),
    "PostSummary": ("PostSummary", {"version": "summary_version", "visit": "card_revision"}),
    "Close": ("CloseRecovery", {}),
    "Reopen": ("ReopenRecovery", {}),
    "Undelivered": (
        "DeliveryFailed",
        {"what": "message_kind", "why": "reason", "version": "summary_version", "to": "recipient"},
    ),
    "Arrived": ("DeliverySucceeded", {"what": "message_kind", "version": "summary_version", "to": "recipient"}),
}
"""Old and new names of the events and of their fields. `by`, which most of them have, becomes `actor`."""


def person(data: Any) -> Any:  # noqa: ANN401 - JSON
    """Somebody: `user` becomes `user_id`."""
    return _renamed(data, {"user": "user_id"})


def people(data: Any) -> Any:  # noqa: ANN401 - JSON
    """Several people."""
    return [person(one) for one in data]


def value(data: Any) -> Any:  # noqa: ANN401 - JSON
    """A recorded value."""
    return _renamed(data, VALUE_FIELDS.get(str(data.get("kind")), {})) if isinstance(data, dict) else data


def entry(data: Json) -> Json:
    """An entry of a recovery."""
    return _changed(_renamed(data, ENTRY_FIELDS), {"recorded_by": person, "value": value})


def recovery(data: Json) -> Json:
    """A recovery's state."""
    return _changed(
        _renamed(data, RECOVERY_FIELDS),
        {
            "responder": person,
            "observers": people,
            "unreachable_people": people,
            "entries": lambda entries: [entry(one) for one in entries],
            "drafts": lambda drafts: [_renamed(one, {"version": "summary_version"}) for one in drafts],
        },
    )


def event(data: Json) -> Json:
    """An event with its kind."""
    known = EVENTS.get(str(data.get("kind")))
    if known is None:
        return data
    kind, fields = known
    changed = _changed(
        _renamed(data["event"], {"by": "actor"} | dict(fields)),
        {
            "actor": person,
            "observer": person,
            "new_responder": person,
            "recipient": person,
            "value": value,
            "message_kind": lambda text: MESSAGE_KINDS.get(text, text),
            "reason": lambda text: FAILURES.get(text, text),
        },
    )
    return {"kind": kind, "event": changed}


def message(data: Json, conversation: str, thread: str) -> Json:
    """The body of a message. `conversation`, `thread`: the recovery's, for posts that do not name where they go."""
    match data.get("kind"):
        case "card":
            return {"kind": "card", "recipient": person(data["to"])}
        case "whisper":
            texts = {"text": data["text"], "is_nudge": data["nudge"]}
            return {"kind": "private_message", "recipient": person(data["to"])} | texts
        case "post":
            return _post(data) | {
                "conversation": data.get("conversation", conversation),
                "thread": data.get("thread", thread),
            }
        case _:
            return data


def _post(data: Json) -> Json:
    """A post is a summary if it names a version, or if it is internal and not marked as a line."""
    version = data.get("version", "internal" if data["internal"] else None)
    if version is None or data.get("line"):
        return {"kind": "line", "is_internal": data["internal"], "text": data["text"]}
    paragraph = {"kind": "paragraph", "text": data["text"], "empty_lines_above": 0}  # its structure was not stored
    return {"kind": "summary", "summary_version": version, "document": {"blocks": [paragraph]}}


def _renamed(data: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(data, dict):
        return data
    return {names.get(name, name): content for name, content in data.items()}


def _changed(data: Json, changes: Mapping[str, Change]) -> Json:
    """The same object with some of its fields changed."""
    return {name: changes[name](content) if name in changes else content for name, content in data.items()}
