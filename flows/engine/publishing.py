"""The two summaries: looking at them, editing and posting them, and what the thread may be told later.

External users are told only what stands in a text that the responder posted, in its words.
"""

from dataclasses import replace

from flows.definition.model import Flow
from flows.engine.draft_check import DISMISSED, SHOWN, TAKEN, count_hint
from flows.engine.transitions import Transition, report_stale_button, show_cards
from flows.state.copying import replace_fields
from flows.state.effects import Effect, PostLineToThread, PostSummaryToThread, SendPrivateMessage
from flows.state.entries import Commitment, CommitmentState, Entry
from flows.state.recovery import Recovery
from flows.state.summaries import Draft, PostedSummary, SummaryVersion
from flows.state.summary_events import DismissSummaryHint, EditSummary, PostSummary, PreviewSummary
from flows.wording.posted_promises import posted_promises, words_in_text


def preview_summary(recovery: Recovery, event: PreviewSummary) -> Transition:
    """Show a summary on the card; where external users can read the thread, only the client's one."""
    recovery = replace_fields(
        recovery,
        is_previewing_summary=True,
        summary_version=event.summary_version,
        card_revision=recovery.card_revision + 1,
    )
    must_explain = event.summary_version is not recovery.postable_version
    return recovery, (
        *show_cards(recovery),
        *((SendPrivateMessage(event.actor, "summary.shared"),) if must_explain else ()),
    )


def edit_summary(recovery: Recovery, event: EditSummary) -> Transition:
    """Keep the text of a summary as the responder edited it."""
    other_drafts = tuple(draft for draft in recovery.drafts if draft.summary_version is not event.summary_version)
    draft = Draft(event.summary_version, event.text, event.original_parts, event.hints)
    recovery = replace_fields(
        recovery,
        drafts=(*other_drafts, draft) if event.text.strip() else other_drafts,
        is_previewing_summary=True,
        summary_version=event.summary_version,
        card_revision=recovery.card_revision + 1,
    )
    counts = [count_hint(recovery, event.taken_hint, TAKEN)] if event.taken_hint else []
    counts += [count_hint(recovery, hint, SHOWN) for hint in event.hints[:1]]
    return recovery, (*show_cards(recovery), *counts)


def dismiss_hint(recovery: Recovery, event: DismissSummaryHint) -> Transition:
    """Put a hint on the client's summary away."""
    draft = recovery.draft(SummaryVersion.CLIENT)
    hint = next((hint for hint in draft.hints if hint.key == event.hint_key), None) if draft else None
    if draft is None or hint is None:
        return recovery, ()
    other_drafts = tuple(one for one in recovery.drafts if one is not draft)
    hints = tuple(one for one in draft.hints if one is not hint)
    recovery = replace_fields(
        recovery,
        drafts=(*other_drafts, replace(draft, hints=hints)),
        card_revision=recovery.card_revision + 1,
    )
    counts = [count_hint(recovery, hint, DISMISSED), *(count_hint(recovery, one, SHOWN) for one in hints[:1])]
    return recovery, (*show_cards(recovery), *counts)


def post_summary(flow: Flow, recovery: Recovery, event: PostSummary, now: float) -> Transition:
    """Post the summary that is on the card, once: the same text is never posted twice to a thread.

    If another version is on the card than was tapped, post nothing and say so.
    """
    if not recovery.is_previewing_summary or event.card_revision != recovery.card_revision:
        return report_stale_button(flow, recovery)
    if event.summary_version is not recovery.postable_version:
        effects = (SendPrivateMessage(event.actor, "summary.shared"), *show_cards(recovery))
        return (recovery, effects) if recovery.has_external_users else report_stale_button(flow, recovery)
    posted_summary = recovery.posted_summary(event.summary_version)
    if posted_summary is not None and posted_summary.text == event.text:
        return recovery, (SendPrivateMessage(event.actor, "summary.already"), *show_cards(recovery))
    promises = posted_promises(event.text, recovery.entries, recovery.language)
    new_summary = PostedSummary(event.summary_version, event.text, now, promises)
    recovery = replace_fields(
        recovery,
        posted_summaries=(*recovery.posted_summaries, new_summary),
        card_revision=recovery.card_revision + 1,
    )
    return recovery, (PostSummaryToThread(event.summary_version), *show_cards(recovery))


def mark_not_delivered(recovery: Recovery, version: SummaryVersion, posted_at: float) -> Recovery:
    """The recovery after a summary was given up: nobody has read it.

    `posted_at`: when it was posted; 0: the newest of this version. A summary of an earlier thread changes nothing.
    """
    summaries = [one for one in _posted_at(recovery, version, posted_at) if not one.was_not_delivered]
    if summaries:
        return _with_delivery(recovery, summaries[-1], was_not_delivered=True)
    if posted_at or version not in recovery.posted_versions:
        return recovery
    versions = list(reversed(recovery.posted_versions))
    versions.remove(version)
    return replace_fields(recovery, posted_versions=tuple(reversed(versions)))


def mark_delivered(recovery: Recovery, version: SummaryVersion, posted_at: float) -> Recovery:
    """The recovery after a summary that was given up was delivered after all. `posted_at`: as above; 0: the oldest."""
    lost_summaries = [one for one in _posted_at(recovery, version, posted_at) if one.was_not_delivered]
    return _with_delivery(recovery, lost_summaries[0], was_not_delivered=False) if lost_summaries else recovery


def _posted_at(recovery: Recovery, version: SummaryVersion, posted_at: float) -> list[PostedSummary]:
    """The summaries of this version in this thread that were posted then, oldest first; all of them for 0."""
    summaries = [one for one in recovery.posted_summaries if one.summary_version is version]
    return [one for one in summaries if one.posted_at == posted_at] if posted_at else summaries


def kept_promise_line(recovery: Recovery, entry: Entry, new_value: Commitment) -> tuple[Effect, ...]:
    """Tell the thread of a promise that was kept, in the words in which a summary there told of it.

    Nothing is told of a promise that no summary there tells of, or that says something else by now.
    """
    old_value = entry.value
    was_kept = isinstance(old_value, Commitment) and old_value.state is CommitmentState.KEPT
    if new_value.state is not CommitmentState.KEPT or was_kept:
        return ()
    for version in (SummaryVersion.CLIENT, SummaryVersion.INTERNAL):
        summary = recovery.posted_summary(version)
        words = _words_in_summary(summary, entry, new_value, recovery.language) if summary else ""
        is_inside = version is SummaryVersion.INTERNAL
        if summary and words and not (is_inside and recovery.has_external_users):
            return (PostLineToThread("kept", version, summary.posted_at, (("what", words),)),)
    return ()


def _words_in_summary(summary: PostedSummary, entry: Entry, promise: Commitment, language: str) -> str:
    """In which words this summary tells of the promise; empty if it does not."""
    words = next((one.words for one in summary.promises if one.entry_id == entry.id), "")
    return words if words and words_in_text(promise.what, words, language) == words else ""


def _with_delivery(recovery: Recovery, summary: PostedSummary, *, was_not_delivered: bool) -> Recovery:
    changed_summary = PostedSummary(
        summary.summary_version, summary.text, summary.posted_at, summary.promises, was_not_delivered
    )
    return replace_fields(
        recovery,
        posted_summaries=tuple(changed_summary if one is summary else one for one in recovery.posted_summaries),
    )
