"""The coach in all of its languages, with what the operator changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from flows.coach.checker import check_draft
from flows.coach.client_words import ClientCues, DangerSign, FeelingGuess
from flows.coach.compiled_rules import CompiledRules, compile_rules
from flows.coach.cue_files import load_cues
from flows.coach.model import Case, DraftContext, Judgement, OperatorFile, RuleFile
from flows.coach.rule_files import load_rules
from flows.coach.sentences import split_sentences

OPERATOR_WORDS_RULE = "hard_words"
"""The rule that holds an operator's own words to avoid. It is on where there are some."""


@dataclass(frozen=True, slots=True)
class Coach:
    """Judges the responder's drafts and reads the client's messages.

    `sources`, `cue_sources`: the text of the rule file and of the cue file by language. A language is read when it is
    needed first.
    """

    sources: Mapping[str, str]
    cue_sources: Mapping[str, str]
    operator_file: OperatorFile = field(default_factory=OperatorFile)
    _rules: dict[str, CompiledRules] = field(default_factory=dict)
    _cues: dict[str, ClientCues] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have rules."""
        return tuple(self.sources)

    def check(self, draft: str, language: str, context: DraftContext | None = None) -> Judgement:
        """What the coach says of a draft; nothing in a language that has no rules."""
        rules = self.rules(language)
        return check_draft(rules, draft, context) if rules else Judgement()

    def is_apology(self, text: str, language: str) -> bool:
        """Whether a text apologises."""
        rules = self.rules(language)
        return rules is not None and any(rules.apologies.is_in(sentence) for sentence in split_sentences(text))

    def rules(self, language: str) -> CompiledRules | None:
        """The rules of a language that are on; None if it has none."""
        language = language.partition("-")[0]
        if language not in self.sources:
            return None
        if language not in self._rules:
            self._rules[language] = compile_rules(self.rule_file(language))
        return self._rules[language]

    def cues(self, language: str) -> ClientCues | None:
        """The cues in clients' words of a language; None if it has none."""
        language = language.partition("-")[0]
        if language not in self.cue_sources:
            return None
        if language not in self._cues:
            self._cues[language] = ClientCues(load_cues(self.cue_sources[language], f"client_{language}.yaml"))
        return self._cues[language]

    def read_message(self, message: str, language: str) -> tuple[list[FeelingGuess], list[DangerSign]]:
        """What a client's message suggests: feelings, the likeliest first, and dangers."""
        cues = self.cues(language)
        return (cues.feelings(message), cues.dangers(message)) if cues else ([], [])

    def rule_file(self, language: str) -> RuleFile:
        """The rules of a language as the operator wants them."""
        return with_operator_file(load_rules(self.sources[language], f"{language}.yaml"), self.operator_file)


NO_COACH = Coach(MappingProxyType({}), MappingProxyType({}))
"""A coach without languages, which finds nothing."""


def with_operator_file(file: RuleFile, operator_file: OperatorFile) -> RuleFile:
    """The rules with what the operator switched, and with the operator's words to avoid."""
    words = operator_file.words.get(file.language, ())
    rules = dict(file.rules)
    if words and OPERATOR_WORDS_RULE in rules:
        rule = rules[OPERATOR_WORDS_RULE]
        rules[OPERATOR_WORDS_RULE] = replace(rule, is_on=True, cases=(*rule.cases, Case(phrases=words)))
    for rule_id in operator_file.on:
        if rule_id in rules:
            rules[rule_id] = replace(rules[rule_id], is_on=True)
    for rule_id in operator_file.off:
        if rule_id in rules:
            rules[rule_id] = replace(rules[rule_id], is_on=False)
    parts = {part_id: replace(part, is_on=part_id not in operator_file.off) for part_id, part in file.parts.items()}
    return replace(file, rules=rules, parts=parts)
