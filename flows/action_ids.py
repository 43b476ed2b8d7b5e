"""The grammar of what travels with buttons and forms, both ways: `kind` or `kind:subject`.

Screens write these strings and the application reads them. A platform carries them without looking into them.
"""

from dataclasses import dataclass
from enum import StrEnum

from flows.errors import UnknownAction, UnknownForm

SEPARATOR = ":"
MAX_CHARACTERS = 300
"""Characters of an action or of a form's id. Ours are far shorter: what is longer was made up by somebody else."""


class ActionKind(StrEnum):
    """What a button does. Beside each: what its subject is, if it has one."""

    CHOOSE = "choose"  # a gate of the current step
    BACK = "back"
    SKIP = "skip"
    JUMP = "jump"  # a step
    OPEN = "open"  # the id of a form, or of the panel
    SNOOZE = "snooze"  # minutes
    QUIET = "quiet"  # "on" or "off"
    REMOVE = "remove"  # an entry
    RESTORE = "restore"  # an entry that was removed
    PICK = "pick"  # a field and what is chosen in it: `field:option`
    UNPICK = "unpick"  # the same, taken back
    REPEAT = "repeat"  # a fact (an entry): to be given back to the client
    LEAVE_OUT = "leave_out"  # a fact (an entry): not to be given back
    REMIND_LATER = "remind_later"  # an entry that is a promise or the time of an update
    GUIDE = "guide"
    THREAD = "thread"
    KEPT = "kept"  # an entry that is a commitment, or the time of an update
    TAKE = "take"  # the digest of the client's message that was in view
    UNOBSERVE = "unobserve"  # a person's id
    PREVIEW = "preview"  # a version of the summary
    POST = "post"  # a version of the summary
    USE_WORDING = "use_wording"  # a hint on the responder's words
    KEEP_WORDING = "keep_wording"  # a hint: the words are meant
    HIDE_HINT = "hide_hint"  # a hint, only to clear the view
    USE_IN_SUMMARY = "use_in_summary"  # a hint on the client's summary
    KEEP_IN_SUMMARY = "keep_in_summary"  # a hint on the client's summary: the words are meant
    UNDO_WORDING = "undo_wording"
    SHOW_HINTS = "show_hints"
    CLOSE = "close"
    REOPEN = "reopen"


class FormKind(StrEnum):
    """What a dialog is about. Beside each: what its subject is, if it has one."""

    TIP = "tip"
    HAND_OVER = "hand_over"
    OBSERVE = "observe"
    NOTE = "note"  # a field of the flow: one more entry
    EDIT = "edit"  # an entry
    SUMMARY = "summary"  # a version of the summary, and (in the form itself) when the record was last changed
    CHECK = "check"  # the responder's own words, to be checked
    WORDS = "words"  # no form, but the panel with the words that were checked
    START = "start"  # a flow; the default one, if none is named
    SETTINGS = "settings"
    MORE = "more"  # no form, but the panel with everything else that can be done


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does, and with what."""

    kind: ActionKind
    subject: str = ""

    def encode(self) -> str:
        """As it travels with a button."""
        return _encode(self.kind, self.subject)


@dataclass(frozen=True, slots=True)
class FormId:
    """Which form this is, and of what."""

    kind: FormKind
    subject: str = ""

    def encode(self) -> str:
        """As it travels with a form."""
        return _encode(self.kind, self.subject)


def decode_action(text: str) -> Action:
    """The action that came back with a button.

    Raises:
        UnknownAction: no button of ours has it.

    """
    kind, _, subject = text.partition(SEPARATOR)
    if kind not in set(ActionKind) or len(text) > MAX_CHARACTERS:
        raise UnknownAction
    return Action(ActionKind(kind), subject)


def decode_form_id(text: str) -> FormId:
    """The id that came back with a form.

    Raises:
        UnknownForm: no form of ours has it.

    """
    kind, _, subject = text.partition(SEPARATOR)
    if kind not in set(FormKind) or len(text) > MAX_CHARACTERS:
        raise UnknownForm
    return FormId(FormKind(kind), subject)


@dataclass(frozen=True, slots=True)
class SummaryFormSubject:
    """Which summary a form edits.

    `record_changed_at`: when the record that it shows was changed last, by which the form stays the same as long as
    the record does (None: not told by a button that opens the form).
    """

    summary_version: str
    record_changed_at: float | None = None

    def encode(self) -> str:
        """As the subject of a form's id."""
        time = "" if self.record_changed_at is None else repr(self.record_changed_at)
        return _encode(self.summary_version, time)


def decode_summary_subject(subject: str) -> SummaryFormSubject:
    """The subject of a form that edits a summary.

    Raises:
        UnknownForm: no form of ours has it.

    """
    summary_version, _, time = subject.partition(SEPARATOR)
    try:
        return SummaryFormSubject(summary_version, float(time) if time else None)
    except ValueError:
        raise UnknownForm from None


def stable_form_id(text: str) -> str:
    """A form's id without what changes with the record: the same for all forms that edit the same thing.

    Raises:
        UnknownForm: no form of ours has it.

    """
    form_id = decode_form_id(text)
    if form_id.kind is not FormKind.SUMMARY:
        return text
    return FormId(form_id.kind, decode_summary_subject(form_id.subject).summary_version).encode()


def _encode(kind: str, subject: str) -> str:
    return f"{kind}{SEPARATOR}{subject}" if subject else str(kind)
