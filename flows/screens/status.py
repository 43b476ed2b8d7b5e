"""Where a recovery is, in a few sentences: the answer to `status`."""

from flows.definition.model import Flow
from flows.screens.panel import position_text
from flows.state.recovery import Recovery
from flows.wording.localization import Localizer
from flows.wording.phrases import phrase


def status_text(flow: Flow, recovery: Recovery, localizer: Localizer, now: float) -> str:
    """The step, its instruction and its phrase at `now` (epoch seconds); of a closed recovery, that it is closed."""
    where = position_text(flow, recovery, localizer)
    line = localizer.text("home.recovery", account=recovery.account, where=where)
    if recovery.closed_at is not None:
        return line
    advice = localizer.text("status.say", phrase=phrase(flow, recovery, now))
    return f"{line}. {localizer(flow.steps[recovery.step].nudge)} {advice}"
