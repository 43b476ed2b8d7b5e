"""The shipped flow, broken in one place at a time."""

from dataclasses import dataclass
from importlib.resources import files

TEXT = (files("flows") / "data" / "trust_recovery.yaml").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Broken:
    """A change to the shipped flow, and the problem that it makes.

    `old` is there once and becomes `new`. The problem is reported at the line where `at` stands, which is there once
    after the change.
    """

    old: str
    new: str
    at: str
    step: str
    wrong: str
    right: str

    def text(self) -> str:
        assert TEXT.count(self.old) == 1, f"{self.old!r} is there {TEXT.count(self.old)} times"
        return TEXT.replace(self.old, self.new)

    def line(self) -> int:
        text = self.text()
        assert text.count(self.at) == 1, f"{self.at!r} is there {text.count(self.at)} times"
        return text[: text.index(self.at)].count("\n") + 1


READY = 'ready: {label: {en: "I am ready", es: "Puedo empezar"}, to: facts}'
DONE = 'done: {label: {en: "Took it in", es: "Lo recibió"}, to: resolve}'
STRAWS = """\
        options:
          us_alone: {en: "About us alone", es: "Solo por nosotros"}
          last_straw: {en: "The last straw of something else", es: "La última gota de otra cosa"}
"""
THANKS = (
    '      - text: {en: "Thank you for being so straight with me.", es: "Gracias por hablarme con tanta franqueza."}'
)
BREATHE = '      en: "Breathe. You are here to listen, not to win."'
DISPUTE_GATES = 'detail: {label: {en: "Yes, one detail", es: "Sí, un detalle"}, opens: dispute}'
CONFIRMED = "to: acknowledge, confirms: feeling}"
CLIENT_FRAME = '- {fields: [frame], sentence: {en: "It comes down to this: {text}.", es: "Se resume en esto: {text}."}}'
PREPARE_TIMER = "    timers:\n      still:\n        after: 5\n"
HEADLINE = """title: {en: "Restore a client's trust", es: "Recuperar la confianza de un cliente"}"""

BROKEN = {
    "an unknown step in to": Broken(
        READY, READY.replace("to: facts", "to: fcts"), "to: fcts", "prepare", "There is no step “fcts”", "“facts”"
    ),
    "a step that nothing leads to": Broken(
        DONE,
        DONE.replace("to: resolve", "to: close"),
        "  resolve:\n",
        "resolve",
        "No gate leads to this step",
        "Give a gate “to: resolve”, or remove the step",
    ),
    "a language is missing": Broken(
        'title: {en: "Get the facts", es: "Reúne los hechos"}',
        'title: {en: "Get the facts"}',
        'title: {en: "Get the facts"}',
        "facts",
        "“title” has no words in “es”",
        "Add “es: ...”",
    ),
    "an empty word": Broken(
        '      es: "Pregunta y escucha. Anota sus palabras, no las tuyas."',
        '      es: " "',
        'es: " "',
        "facts",
        "“nudge” has no words in “es”",
        "Add “es: ...”",
    ),
    "an unknown language": Broken(
        'title: {en: "Frame the problem", es: "Define el problema"}',
        'title: {en: "Frame the problem", es: "Define el problema", fr: "Cadrez le problème"}',
        "Cadrez",
        "frame",
        "“fr” is not one of the flow's languages",
        "Add it to “languages”, or remove the line",
    ),
    "an instruction of thirteen words": Broken(
        BREATHE,
        '      en: "One two three four five six seven eight nine ten eleven twelve thirteen"',
        "eleven twelve thirteen",
        "prepare",
        "The instruction has 13 words in “en”",
        "Use at most 12",
    ),
    "four gates": Broken(
        DISPUTE_GATES,
        DISPUTE_GATES + '\n      fourth: {label: {en: "Fourth", es: "Cuarto"}, to: frame} # gates',
        "    gates:\n      nothing:",
        "dispute",
        "4 gates and “More” would be 5 buttons",
        "Keep at most 3 gates",
    ),
    "a button that is too long": Broken(
        'label: {en: "Still upset", es: "Sigue el enojo"}',
        'label: {en: "Still upset, still shouting, and not at all done", es: "Sigue el enojo"}',
        "Still upset, still shouting",
        "repair",
        "The button has 48 characters in “en”",
        "Use at most 40",
    ),
    "an unknown placeholder": Broken(
        'en: "So it comes down to this: {frame}. Have I got that right?"',
        'en: "So it comes down to this: {frme}. Have I got that right?"',
        "{frme}",
        "frame",
        "The placeholder {frme} is unknown",
        "Did you mean “frame”?",
    ),
    "a placeholder after the phrase": Broken(
        'then: {en: "What would help most right now?"',
        'then: {en: "What would help {account} most right now?"',
        "{account} most",
        "repair",
        "“then” cannot be filled",
        "Use no placeholder here",
    ),
    "a last phrase with a placeholder": Broken(
        'en: "Let me tell you what I heard. Then tell me what I missed."',
        'en: "Let me tell you what I heard, {facts}."',
        '- text:\n          en: "Let me tell you what I heard, {facts}."',
        "acknowledge",
        "The last phrase needs something that may not have been recorded",
        "Add one after it without placeholders",
    ),
    "a last phrase that needs a note": Broken(
        THANKS,
        f"{THANKS}\n        needs: [outcome]",
        '- text: {en: "Thank you for being so straight with me."',
        "close",
        "The last phrase needs something that may not have been recorded",
        "Add one after it without placeholders and “needs”",
    ),
    "an unknown field in needs": Broken(
        "        needs: [facts]",
        "        needs: [fcts]",
        "needs: [fcts]",
        "facts",
        "The field “fcts” is unknown",
        "Did you mean “facts”?",
    ),
    "a wrong type": Broken(
        PREPARE_TIMER,
        PREPARE_TIMER.replace("5", '"five"'),
        'after: "five"',
        "prepare",
        "“after” has the wrong type ('five')",
        "Write a number",
    ),
    "a version in quotes": Broken(
        "version: 4", 'version: "1"', 'version: "1"', "", "“version” has the wrong type", "Write a whole number"
    ),
    "a text that is a number": Broken(
        'label: {en: "Took it in", es: "Lo recibió"}',
        'label: {en: 1, es: "Listo"}',
        "label: {en: 1,",
        "repair",
        "“en” has the wrong type (1)",
        "Write text, in quotes",
    ),
    "a text where a mapping belongs": Broken(
        'title: {en: "Get the facts", es: "Reúne los hechos"}',
        'title: "Get the facts"',
        'title: "Get the facts"',
        "facts",
        "“title” has the wrong type",
        "Write a mapping",
    ),
    "a text where a list belongs": Broken(
        "languages: [en, es]", "languages: en", "languages: en", "", "“languages” has the wrong type", "Write a list"
    ),
    "a switch that is a number": Broken(
        'confirms: words, "yes": true}',
        'confirms: words, "yes": 1}',
        '"yes": 1}',
        "acknowledge",
        "“yes” has the wrong type (1)",
        "Write true or false",
    ),
    "an unknown key": Broken(
        "    ask: feeling",
        "    aks: feeling",
        "aks: feeling",
        "feelings",
        "“aks” is not a key that belongs here",
        "Did you mean “ask”?",
    ),
    "an unknown key that is near none": Broken(
        "    ask: feeling",
        "    wxyz: feeling",
        "wxyz: feeling",
        "feelings",
        "“wxyz” is not a key that belongs here",
        "docs/flows.md and docs/coach.md list the keys",
    ),
    "a missing key": Broken(
        f'    nudge:\n{BREATHE}\n      es: "Respira. Estás aquí para escuchar, no para ganar."\n',
        "",
        "  prepare:",
        "prepare",
        "“nudge” is missing",
        "Add “nudge:” here",
    ),
    "a missing key of the whole": Broken(
        f"{HEADLINE}\n", "", "# The flow of a full recovery", "", "“title” is missing", "Add “title:” here"
    ),
    "a key that stands twice": Broken(
        "    ask: feeling\n",
        "    ask: feeling\n    ask: cue\n",
        "    ask: cue",
        "feelings",
        "“ask” stands here twice",
        "Keep one of the two",
    ),
    "an unknown kind of field": Broken(
        "        kind: commitment",
        "        kind: promise",
        "kind: promise",
        "resolve",
        "“kind” cannot be 'promise'",
        "'commitment'",
    ),
    "no YAML": Broken(
        "    ask: feeling", "    ask: : feeling", "    ask: : feeling", "", "This is not YAML", "Mend the line"
    ),
    "a tab": Broken("    ask: feeling", "\task: feeling", "\task: feeling", "", "This is not YAML", "Mend the line"),
    "a fact that the client may read": Broken(
        "        kind: fact\n        many: true\n",
        "        kind: fact\n        client_safe: true # never\n        many: true\n",
        "client_safe: true # never",
        "facts",
        "A fact can never be safe for the client to read",
        "Remove “client_safe”",
    ),
    "a level that needs a yes": Broken(
        "      temperature_start:\n        kind: level\n",
        "      temperature_start:\n        kind: level\n        needs_yes: true # here\n",
        "needs_yes: true # here",
        "prepare",
        "Only a text can need a yes",
        "Remove “needs_yes”",
    ),
    "an ask for no field of the step": Broken(
        "    ask: feeling",
        "    ask: facts # here",
        "ask: facts # here",
        "feelings",
        "“facts” is not a field of this step",
        "Use one of: answer, cue, feeling.",
    ),
    "a negative timer": Broken(
        PREPARE_TIMER,
        PREPARE_TIMER.replace("5", "-5"),
        "after: -5",
        "prepare",
        "Nobody can wait for -5",
        "Write a number above 0",
    ),
    "a timer of no minutes": Broken(
        PREPARE_TIMER,
        PREPARE_TIMER.replace("5", "0"),
        "after: 0",
        "prepare",
        "Nobody can wait for 0",
        "Write a number above 0",
    ),
    "a timer that never ends": Broken(
        PREPARE_TIMER,
        PREPARE_TIMER.replace("5", ".inf"),
        "after: .inf",
        "prepare",
        "Nobody can wait for inf",
        "Write a number above 0",
    ),
    "a timer that is no number": Broken(
        PREPARE_TIMER,
        PREPARE_TIMER.replace("5", ".nan"),
        "after: .nan",
        "prepare",
        "Nobody can wait for nan",
        "Write a number above 0",
    ),
    "a follow-up before the close": Broken(
        "after_days: 7\n", "after_days: -7\n", "after_days: -7", "", "Nobody can wait for -7", "Write a number above 0"
    ),
    "a follow-up that another step answers": Broken(
        "after_days: 7\n    fields: [still_client, trust_now]\n",
        "after_days: 7\n    fields: [our_part, trust_now]\n",
        "fields: [our_part, trust_now]",
        "",
        "The closing step has no field “our_part”",
        "Name a field of that step",
    ),
    "a follow-up that asks too much": Broken(
        "after_days: 7\n    fields: [still_client, trust_now]\n",
        "after_days: 7\n    fields: [still_client, trust_now, outcome, root_cause]\n",
        "fields: [still_client, trust_now, outcome",
        "",
        "A follow-up can ask for 3 fields, and here are 4",
        "Remove some",
    ),
    "two timers": Broken(
        PREPARE_TIMER,
        '    timers: # two\n      again: {after: 9, text: {en: "Again.", es: "Otra vez."}}\n'
        + PREPARE_TIMER.removeprefix("    timers:\n"),
        "timers: # two",
        "prepare",
        "2 timers: a step nudges once at most",
        "Keep one",
    ),
    "a reminder at once": Broken(
        "remind: {after: 2,",
        "remind: {after: 0,",
        "remind: {after: 0,",
        "prepare",
        "Nobody can wait for 0",
        "Write a number above 0",
    ),
    "a gate that confirms and denies": Broken(
        CONFIRMED,
        "to: acknowledge, confirms: feeling, denies: feeling}",
        "confirms: feeling, denies: feeling",
        "feelings",
        "A gate cannot confirm and deny",
        "Keep one of the two",
    ),
    "a gate that is called as a move": Broken(
        DONE,
        DONE.replace("done:", "back:"),
        "      back: {label",
        "repair",
        "“back” is what a move is called",
        "Give the gate another id",
    ),
    "an option with a comma": Broken(
        'us_alone: {en: "About us alone"',
        '"us,alone": {en: "About us alone"',
        '"us,alone"',
        "facts",
        "“us,alone” cannot be an option's id",
        "Use small letters, digits and underscores",
    ),
    "a level in a phrase": Broken(
        'en: "So it comes down to this: {frame}. Have I got that right?"',
        'en: "So it comes down to this: {temperature_start}. Have I got that right?"',
        "{temperature_start}",
        "frame",
        "A level cannot stand in a phrase",
        "Use a field of another kind",
    ),
    "a language that nobody speaks": Broken(
        "languages: [en, es]",
        "languages: [en, es, english]",
        "languages: [en, es, english]",
        "",
        "“english” is not a language",
        "Use a code such as en, es or pt-BR",
    ),
    "a gate that leads on and reminds": Broken(
        'label: {en: "Two minutes", es: "Dos minutos"}\n',
        'label: {en: "Two minutes", es: "Dos minutos"}\n        to: facts # on\n',
        "remind: {after: 2,",
        "prepare",
        "A gate that leads on cannot remind",
        "Remove “to” or “remind”",
    ),
    "no closing step": Broken(
        "    closing: true\n", "", "steps:\n  prepare:", "", "(found: none)", "Give the last step “closing: true”"
    ),
    "two closing steps": Broken(
        "  resolve:\n",
        "  resolve:\n    closing: true # too\n",
        "steps:\n  prepare:",
        "",
        "(found: resolve, close)",
        "Give the last step “closing: true”, and no other",
    ),
    "version 0": Broken("version: 4", "version: 0", "version: 0", "", "Version 0 does not exist", "Begin with 1"),
    "no language": Broken(
        "languages: [en, es]", "languages: []", "languages: []", "", "No language is named", "such as [en]"
    ),
    "a bad flow id": Broken(
        "id: trust-recovery",
        "id: Trust Recovery",
        "id: Trust Recovery",
        "",
        "“Trust Recovery” cannot be a flow's id",
        "Use small letters, digits and hyphens",
    ),
    "a field with a bad id": Broken(
        "      criticism:\n",
        "      Criticism!:\n",
        "Criticism!",
        "prepare",
        "“Criticism!” cannot be a field's id",
        "small letters",
    ),
    "a field called account": Broken(
        "      criticism:\n",
        "      account:\n",
        "      account:",
        "prepare",
        "“account” cannot be a field's id",
        "another word",
    ),
    "a pick without options": Broken(
        STRAWS,
        "",
        "      last_straw:",
        "facts",
        "A pick needs something to choose from",
        "Add “options”",
    ),
    "a summary with an unknown field": Broken(
        '- {heading: {en: "What they need", es: "Lo que necesita"}, fields: [need]}',
        '- {heading: {en: "What they need", es: "Lo que necesita"}, fields: [needs]}',
        "fields: [needs]",
        "",
        "There is no field “needs”",
        "Name a field of a step",
    ),
    "a client's summary with a fact": Broken(
        CLIENT_FRAME,
        CLIENT_FRAME.replace("[frame]", "[frame, facts]"),
        "fields: [frame, facts]",
        "",
        "“facts” is not safe for the client to read",
        "Remove it here",
    ),
    "a client's summary with minutes": Broken(
        CLIENT_FRAME,
        CLIENT_FRAME.replace("fields: [frame],", "fields: [frame], durations: true,"),
        "durations: true,",
        "",
        "The client does not read “durations”",
        "Remove it",
    ),
    "a field in two steps": Broken(
        "      last_straw:\n",
        "      contact:\n",
        "      contact:\n        kind: pick",
        "facts",
        "The field “contact” is already in step prepare",
        "Give it another id",
    ),
    "an answer to a field that cannot be answered": Broken(
        CONFIRMED,
        "to: acknowledge, confirms: cue}",
        "confirms: cue",
        "feelings",
        "“cue” is not a feeling or text field",
        "Name a field of kind feeling or text",
    ),
    "a phrase that is kept in no text": Broken(
        "confirms: words",
        "keeps: facts, confirms: words",
        "keeps: facts",
        "acknowledge",
        "“facts” is not a text field",
        "Name a field of kind text",
    ),
    "an unknown form": Broken(
        "opens: hand_over",
        "opens: handover",
        "opens: handover",
        "prepare",
        "There is no form “handover”",
        "or hand_over",
    ),
    "no gate that leads on": Broken(
        'done: {label: {en: "Took it in", es: "Lo recibió"}, to: resolve}\n'
        '      still_hot: {label: {en: "Still upset", es: "Sigue el enojo"}, to: feelings}\n',
        'done: {label: {en: "Took it in", es: "Lo recibió"}}\n',
        "    gates:\n      done:",
        "repair",
        "No gate leads on",
        "Give one gate a “to”",
    ),
    "nothing to say": Broken(
        '    say:\n      - text:\n          en: "I\'m here to listen. Start wherever you like."\n'
        '          es: "Estoy aquí para escuchar. Empiece por donde quiera."\n',
        "    say: []\n",
        "say: []",
        "prepare",
        "There is nothing to say",
        "Add at least one phrase",
    ),
}
