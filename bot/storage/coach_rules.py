"""The coach's rule files: those that come with the product, and the operator's."""

import logging
from importlib.resources import files
from pathlib import Path

from bot.storage.flow_registry import read_flow_file
from flows.coach.client_words import DangerSign, FeelingGuess
from flows.coach.coach import Coach
from flows.coach.model import DraftContext, Judgement
from flows.coach.operator_files import load_operator_file
from flows.coach.rule_files import load_rules

LANGUAGES = ("en", "es")
log = logging.getLogger(__name__)


class ForgivingCoach(Coach):
    """A coach whose own faults stop nobody: then it finds nothing, and the log says so."""

    def check(self, draft: str, language: str, context: DraftContext | None = None) -> Judgement:
        """What the coach says of a draft; nothing if it fails."""
        try:
            return super().check(draft, language, context)
        except Exception:
            log.exception("The coach failed on a draft of %d characters in “%s”.", len(draft), language)
            return Judgement()

    def read_message(self, message: str, language: str) -> tuple[list[FeelingGuess], list[DangerSign]]:
        """What a client's message suggests; nothing if the coach fails."""
        try:
            return super().read_message(message, language)
        except Exception:
            log.exception("The coach failed on a message of %d characters in “%s”.", len(message), language)
            return [], []


def built_in_sources() -> dict[str, str]:
    """The text of the rule file of each language."""
    data = files("flows") / "data" / "coach"
    return {language: (data / f"{language}.yaml").read_text("utf-8") for language in LANGUAGES}


def built_in_cue_sources() -> dict[str, str]:
    """The text of the file with clients' cues of each language."""
    data = files("flows") / "data" / "coach"
    return {language: (data / f"client_{language}.yaml").read_text("utf-8") for language in LANGUAGES}


def load_coach(operator_path: Path | None = None) -> Coach:
    """The coach. `operator_path`: the operator's file, which is checked now; the rules are read when they are needed.

    Raises:
        InvalidFile: the operator's file has faults.
        BadSettings: it cannot be read.

    """
    sources = built_in_sources()
    if operator_path is None:
        return ForgivingCoach(sources, built_in_cue_sources())
    rule_files = {language: load_rules(text, f"{language}.yaml") for language, text in sources.items()}
    operator_file = load_operator_file(read_flow_file(operator_path), str(operator_path), rule_files)
    return ForgivingCoach(sources, built_in_cue_sources(), operator_file)
