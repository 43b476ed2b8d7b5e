"""What a recovery's record says for the coach, and what the coach says as a recovery keeps it."""

from flows.coach.coach import Coach
from flows.coach.model import DraftContext, Judgement
from flows.definition.model import FieldKind, Flow
from flows.state.entries import Fact, Text
from flows.state.recovery import Recovery
from flows.state.summaries import SummaryVersion
from flows.state.words import MAX_HINTS, CheckedText, WordHint
from flows.wording.phrases import spoken_text


def checked_text(coach: Coach, flow: Flow, recovery: Recovery, text: str, now: float) -> CheckedText:
    """A text of the responder with what the coach says of it. What is missing counts in an apology only."""
    judgement = coach.check(text, recovery.language, draft_context(flow, recovery, now))
    missing = tuple(part.why for part in judgement.missing) if coach.is_apology(text, recovery.language) else ()
    return CheckedText(text, _hints(judgement, text), missing)


def _hints(judgement: Judgement, text: str) -> tuple[WordHint, ...]:
    return tuple(
        WordHint(
            flag.id, text[flag.start : flag.end], flag.why, text[flag.sentence_start : flag.sentence_end], flag.better
        )
        for flag in judgement.flags[: MAX_HINTS * 2]
    )


def checked_text_alone(coach: Coach, language: str, text: str) -> CheckedText:
    """A text of somebody who leads no recovery there, with what the coach says of it."""
    return CheckedText(text, _hints(coach.check(text, language), text))


def summary_hints(
    coach: Coach, flow: Flow, recovery: Recovery, version: SummaryVersion, text: str, now: float
) -> tuple[WordHint, ...]:
    """The hints on an edited summary that external users will read; none on the internal one."""
    is_for_client = version is SummaryVersion.CLIENT
    return checked_text(coach, flow, recovery, text, now).hints if is_for_client else ()


def grave_hint(coach: Coach, flow: Flow, recovery: Recovery, text: str, now: float) -> WordHint | None:
    """The gravest fault in what the responder posted, with what to say next in `better`; None if none is grave."""
    rules = coach.rules(recovery.language)
    if rules is None:
        return None
    for flag in coach.check(text, recovery.language, draft_context(flow, recovery, now)).flags:
        rule = rules.rules[flag.id]
        if rule.is_grave:
            return WordHint(flag.id, text[flag.start : flag.end], flag.why, "", rule.repair)
    return None


def draft_context(flow: Flow, recovery: Recovery, now: float) -> DraftContext:
    """What the record says of what happened, of what may be promised, and of what was promised."""
    facts = tuple(entry.value.text for entry in recovery.entries if isinstance(entry.value, Fact))

    def said(kind: FieldKind) -> str:
        field_id = flow.first_field_of(kind)
        return spoken_text(flow, recovery, field_id, now) if field_id else ""

    fields = flow.coach
    return DraftContext(
        facts=facts,
        latitude=" ".join(
            entry.value.text for entry in recovery.entries_of(fields.latitude) if isinstance(entry.value, Text)
        ),
        feeling=said(FieldKind.FEELING),
        owned=spoken_text(flow, recovery, fields.owned, now) if fields.owned else "",
        promise=said(FieldKind.COMMITMENT),
        date=said(FieldKind.MOMENT),
    )
