"""The end of a talk: close, the two summaries, reopen."""

from flows import timing
from flows.change import changed
from flows.effects import ClearTimer, Effect, Passed, PostSummaryToThread, SetTimer, Whisper
from flows.events import Bind, EditSummary, PostSummary, Preview, ThreadShared
from flows.flow import END, Flow
from flows.moves import cards, stale
from flows.recovery import Draft, Passage, Recovery, Version
from flows.summary import has_content, promises

Transition = tuple[Recovery, tuple[Effect, ...]]

DAY = 86_400


def end(flow: Flow, recovery: Recovery, left_by: str, now: float) -> Transition:
    """End the talk and show the summary that may be posted."""
    if recovery.closed_at is not None:
        return stale(flow, recovery)
    passage = Passage(len(recovery.passages) + 1, recovery.step, recovery.entered_at, now, left_by, END)
    recovery = changed(
        recovery,
        previewing=True,
        visit=recovery.visit + 1,
        closed_at=now,
        waiting="",
        passages=(*recovery.passages, passage),
    )
    follow = tuple(SetTimer(f"follow:{name}", now + f.after_days * DAY) for name, f in flow.follow_ups.items())
    return recovery, (Passed(passage), *cards(recovery), ClearTimer(timing.NUDGE), *follow)


def reopen(flow: Flow, recovery: Recovery, now: float) -> Transition:
    """Go on where the talk ended."""
    if recovery.closed_at is None:
        return resume(recovery)
    follow = tuple(f"follow:{name}" for name in flow.follow_ups)
    recovery = changed(
        recovery,
        previewing=False,
        visit=recovery.visit + 1,
        closed_at=None,
        entered_at=now,
        nudged=False,
        turn=0,
        waiting=timing.first_timer(flow, recovery.step),
        held=timing.released(recovery, *follow),
    )
    return recovery, (*cards(recovery), *map(ClearTimer, follow), *timing.watch(flow, recovery, now))


def resume(recovery: Recovery) -> Transition:
    """Show the talk again instead of a summary."""
    if recovery.previewing:
        recovery = changed(recovery, previewing=False, visit=recovery.visit + 1)
    return recovery, cards(recovery)


def preview(recovery: Recovery, event: Preview) -> Transition:
    """Show a summary on the card; only the client-safe one where outsiders can read the thread."""
    recovery = changed(recovery, previewing=True, version=event.version, visit=recovery.visit + 1)
    told = event.version is not recovery.chosen
    return recovery, (*cards(recovery), *((Whisper(event.by, "summary.shared"),) if told else ()))


def edit_summary(recovery: Recovery, event: EditSummary) -> Transition:
    """Keep the responder's own wording, each version for itself."""
    others = tuple(draft for draft in recovery.drafts if draft.version is not event.version)
    own = (Draft(event.version, event.text),) if event.text.strip() else ()
    recovery = changed(recovery, drafts=(*others, *own), previewing=True, version=event.version)
    recovery = changed(recovery, visit=recovery.visit + 1)
    return recovery, cards(recovery)


def post_summary(flow: Flow, recovery: Recovery, event: PostSummary) -> Transition:
    """Post what the card shows. If it shows another version than was tapped, post nothing and say so."""
    if not recovery.previewing or event.visit != recovery.visit:
        return stale(flow, recovery)
    if event.version is not recovery.chosen:
        told = (Whisper(event.by, "summary.shared"), *cards(recovery))
        return (recovery, told) if recovery.shared else stale(flow, recovery)
    if not has_content(flow, recovery, event.version):
        return recovery, (Whisper(event.by, "summary.empty"), *cards(recovery))
    recovery = posted(flow, recovery, event.version, recovery.visit + 1)
    return recovery, (PostSummaryToThread(event.version), *cards(recovery))


def posted(flow: Flow, recovery: Recovery, version: Version, visit: int) -> Recovery:
    """The recovery once this summary is posted: whoever reads the thread knows of the promises in it."""
    standing = tuple((version, entry.id) for entry in promises(flow, recovery, version))
    told = (*recovery.told, *(known for known in standing if known not in recovery.told))
    return changed(recovery, posted=(*recovery.posted, version), told=told, visit=visit)


def share(recovery: Recovery, event: ThreadShared) -> Transition:
    """The thread's readers changed. A summary in view is drawn again, and its old buttons are stale."""
    if recovery.shared == event.outsiders:
        return recovery, ()
    recovery = changed(
        recovery, shared=event.outsiders, version=Version.CLIENT if event.outsiders else recovery.version
    )
    if not recovery.previewing:
        return recovery, ()
    recovery = changed(recovery, visit=recovery.visit + 1)
    return recovery, cards(recovery)


def bind(recovery: Recovery, event: Bind) -> Transition:
    """The account thread is another one: nothing was posted there yet, and a summary in view is drawn again."""
    if recovery.place == event.place and recovery.shared == event.shared:
        return recovery, (Whisper(event.by, "bind.same"),)
    elsewhere = recovery.place != event.place
    recovery = changed(
        recovery,
        place=event.place,
        shared=event.shared,
        posted=() if elsewhere else recovery.posted,
        told=() if elsewhere else recovery.told,
        heard="" if elsewhere else recovery.heard,
        visit=recovery.visit + recovery.previewing,
    )
    return recovery, cards(recovery)
