"""The elements of the guide, each as parts of an Adaptive Card."""

import json
import zlib
from dataclasses import dataclass, replace
from itertools import chain

from adapters.teams.cards.chips import chip_elements
from adapters.teams.cards.elements import (
    ATTENTION,
    BOLD,
    FORM_VERB,
    LARGE,
    SMALL,
    TAP_VERB,
    WARNING,
    TeamsButtonCodec,
    button_lines,
    execute,
    full_labels,
    line,
    lines,
    run,
    with_title,
    word_column,
)
from adapters.teams.cards.folding import Fold
from adapters.teams.cards.form_layout import inline_form_elements
from adapters.teams.cards.input_values import NO_ERRORS, RejectedForm
from adapters.teams.cards.inputs import InputSettings, initial_texts_digest
from adapters.teams.cards.markup import Json
from adapters.teams.cards.words import say
from flows.screens.elements import (
    Button,
    ButtonKind,
    ButtonRow,
    Card,
    Chip,
    ChipRow,
    ClientMessage,
    Elapsed,
    Element,
    InlineForm,
    Note,
    NoteList,
    Progress,
    SpokenPhrase,
    StepState,
    SummaryText,
    TextLine,
    Tone,
    Trap,
)
from flows.screens.inputs import Form, Input, TextInput
from flows.wording.document import BlockKind, Document

STEP_MARKS = {StepState.DONE: "●", StepState.HERE: "◉", StepState.AHEAD: "○"}
MAX_INPUT_REPEAT = 1_000_000
CardElements = list[Json]


@dataclass(frozen=True, slots=True)
class GuideElements:
    """Makes the elements of one card. `rejected_form`: its form, as it was sent or typed, to be shown again."""

    card: Card
    language: str
    rejected_form: RejectedForm | None = None

    def top(self) -> CardElements:
        """The client and how far the recovery is; beside it "More", which would take a line of its own below."""
        title = self._title()
        more = [button for button in self._row_buttons if button.kind is ButtonKind.OPENS_MORE]
        if not more:
            return [title]
        columns: list[Json] = [
            {"type": "Column", "width": "stretch", "verticalContentAlignment": "center", "items": [title]},
            *(word_column(button, self._codec) for button in more),
        ]
        return [{"type": "ColumnSet", "columns": columns, "spacing": "none"}]

    @property
    def _row_buttons(self) -> list[Button]:
        rows = (element for element in self.card.elements if isinstance(element, ButtonRow))
        return [button for row in rows for button in row.buttons]

    def _title(self) -> Json:
        """The client, and how far the recovery is: a bar with one mark for each step, and in words."""
        account = run(self.card.title, size="small", weight="bolder")
        progress = next((one for one in self.card.elements if isinstance(one, Progress)), None)
        if progress is None:
            return line(account, spacing="none")
        bar = "".join(STEP_MARKS[stage] for _, stage in progress.steps)
        marks = [run(f"{bar}  ", size="small", color="accent")] if bar else []
        position = " · ".join(filter(None, (progress.label, progress.title)))
        return line(account, run("  "), *marks, run(position, **SMALL), spacing="none")

    def elements(self, element: Element) -> CardElements:  # noqa: C901 - one line an element: a table
        """What of an element is in view; nothing of those that fold or stand at the top."""
        match element:
            case Progress() | NoteList() | Trap():
                return []
            case TextLine(text=text, tone=Tone.INSTRUCTION):
                return lines(text, **LARGE)
            case TextLine(text=text, tone=tone):
                return lines(f"{WARNING} {text}", **BOLD) if tone is Tone.NOTICE else lines(text, spacing="small")
            case SpokenPhrase():
                return [_phrase(element)]
            case Elapsed(marks=marks):
                return lines(" · ".join(mark.text for mark in marks), spacing="none", **SMALL)
            case ChipRow():
                return chip_elements(element, self._codec)
            case ClientMessage():
                return self._client_message(element)
            case SummaryText(document=document):
                return _document_elements(document)
            case InlineForm(form=form):
                return self._form_elements(form)
            case ButtonRow(buttons=row_buttons):
                buttons = [button for button in row_buttons if button.kind is not ButtonKind.OPENS_MORE]
                actions = [self._button(button) for button in buttons]
                return [*full_labels(button.label for button in buttons), *button_lines(actions)]

    def folds(self) -> list[Fold]:
        """What stands at the end, each behind its label."""
        folds = []
        for number, element in enumerate(self.card.elements):
            match element:
                case NoteList(label=label, notes=notes, more_text=more_text):
                    notes_lines = chain.from_iterable(self._note(note) for note in notes)
                    more_lines = lines(more_text, spacing="none", **SMALL)
                    folds.append(Fold(f"notes-{number}", label, [*notes_lines, *more_lines]))
                case Trap(label=label, text=text):
                    folds.append(Fold(f"trap-{number}", label, lines(f"{WARNING} {text}", **ATTENTION)))
        return folds

    @property
    def _codec(self) -> TeamsButtonCodec:
        form = inline_form(self.card)
        rejected = self.rejected_form
        shown_data = rejected.data if rejected and not rejected.is_draft else None
        form_data = {"form": form.id, "was": initial_texts_digest(form, shown_data)} if form else {}
        return TeamsButtonCodec(self.card.recovery_id, self.card.card_revision, is_chat=True, form_data=form_data)

    def _button(self, button: Button) -> Json:
        """A button. One with a confirmation first shows the question and the button that does it."""
        taps = self._codec
        if not button.confirmation:
            return with_title(taps.action(button), button.label, is_main=button.is_main)
        yes = say(self.language, "yes", label=button.label)
        confirmed_action = with_title(execute(TAP_VERB, taps.data(button) | taps.form_data), yes, is_main=True)
        question = {"type": "AdaptiveCard", "body": lines(button.confirmation, **BOLD), "actions": [confirmed_action]}
        return with_title({"type": "Action.ShowCard", "card": question}, button.label, is_main=button.is_main)

    def _client_message(self, message: ClientMessage) -> CardElements:
        """What the client wrote, with one tap to note it beside it."""
        chip = Chip(message.button.label, message.button.action, kind=message.button.kind)
        take = {
            "type": "Column",
            "width": "auto",
            "style": "emphasis",
            "verticalContentAlignment": "center",
            "selectAction": self._codec.choice(chip),
            "items": [line(run(message.button.label, color="accent"))],
        }
        words = [*lines(message.label, **SMALL), *lines(f"“{message.text}”", spacing="none")]
        return [{"type": "ColumnSet", "columns": [{"type": "Column", "width": "stretch", "items": words}, take]}]

    def _note(self, note: Note) -> CardElements:
        """A note, which a tap opens."""
        texts = lines(f"• {note.text}", spacing="none")
        if note.edit is None or not texts:
            return texts
        label = run(f"  {note.edit.label}", color="accent", size="small")
        texts[-1] = texts[-1] | {"inlines": [*texts[-1]["inlines"], label]}
        container = {"type": "Container", "spacing": "small", "items": texts}
        return [container | {"selectAction": self._codec.action(note.edit)}]

    def _form_elements(self, form: Form) -> CardElements:
        """A form on the card. The server checks what is required: a required input would block every button."""
        form = without_chip_words(form, self.card, self.language)
        rejected = self.rejected_form
        settings = InputSettings(
            self.language,
            input_repeat(self.card),
            errors=rejected.errors if rejected else NO_ERRORS,
            submitted_parts=rejected.submitted_parts if rejected else None,
        )
        titles = [] if any(form.title in one.label for one in form.inputs) else lines(form.title, **SMALL)
        data = {"recovery": self.card.recovery_id, "form": form.id, "nth": settings.repeat}
        submit = with_title(execute(FORM_VERB, data), form.submit_label)
        note = lines(form.note, **SMALL)
        return [*titles, *note, *inline_form_elements(form, submit, settings)]


def inline_form(card: Card) -> Form | None:
    """The form on this card, if it has one."""
    return next((element.form for element in card.elements if isinstance(element, InlineForm)), None)


def input_repeat(card: Card) -> int:
    """A number of the inputs' ids: see `CardInputId`.

    It is another one whenever they must come up empty: at another step, and when there is another note.
    """
    form = inline_form(card)
    if form is None:
        return 0
    notes = [
        [element.label, *(note.text for note in element.notes)]
        for element in card.elements
        if isinstance(element, NoteList)
    ]
    state = json.dumps([card.card_revision, form.id, initial_texts_digest(form), notes])
    return zlib.crc32(state.encode()) % MAX_INPUT_REPEAT


def without_chip_words(form: Form, card: Card, language: str) -> Form:
    """The form without the words that the card offers as chips: only another word is left to be typed."""
    chip_labels = {chip.label for element in card.elements if isinstance(element, ChipRow) for chip in element.chips}
    return replace(form, inputs=tuple(_without_words(one, chip_labels, language) for one in form.inputs))


def _without_words(one: Input, words: set[str], language: str) -> Input:
    if not isinstance(one, TextInput) or not one.suggestions or not set(one.suggestions) <= words:
        return one
    return replace(one, label=say(language, "own_word", label=one.label), suggestions=())


def _phrase(phrase: SpokenPhrase) -> Json:
    """What to say, on a ground of its own."""
    items = [
        *lines(phrase.label, spacing="none", size="small", weight="bolder", color="accent"),
        *lines(f"“{phrase.text}”", spacing="none", size="medium"),
        *lines(phrase.then, spacing="small", **SMALL),
    ]
    return {"type": "Container", "style": "emphasis", "items": items}


def _document_elements(document: Document) -> CardElements:
    """A text whose headings stand out."""
    elements: CardElements = []
    for block in document.blocks:
        spacing = "" if not elements else "medium" if block.empty_lines_above else "none"
        style = BOLD if block.kind is BlockKind.HEADING else {}
        elements += lines(block.plain_text, spacing, **style)
    return elements
