"""One language for words, dates and numbers, whatever a platform calls somebody's language."""

import re
from dataclasses import replace
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.flow_registry import FlowRegistry
from flows.definition.model import Flow
from flows.screens import forms, plain_text
from flows.screens.card import guide_card
from flows.screens.home import OpenCommitment, RecoveryWithFlow, home_screen
from flows.screens.panel import more_panel
from flows.state.entries import Commitment, CommitmentState, Feeling, Moment
from flows.state.local_time.working_hours import DEFAULT_HOURS, WorkingHours
from flows.state.summaries import SummaryVersion
from flows.wording.languages import SHARED_LANGUAGES, flow_language, match_language, text_in
from flows.wording.localization import Localizer
from flows.wording.summaries.documents import summary_document
from tests.conftest import NOON
from tests.examples import examples
from tests.flows.recovery_driver import begin_recovery

TAGS = [
    "",
    "xx",
    "ja",
    "ja-JP",
    "fj-FJ",
    "qps-ploc",
    "zh-Hant-TW",
    "en_US.UTF-8",
    "EN",
    "es-MX",
    "es-419",
    "ES_es",
    "\x00",
]
DAYS = {"en": r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)", "es": r"(lun|mar|mié|jue|vie|sáb|dom)"}
NIGHTS = WorkingHours((0, 2), 600, 1200)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        *[(tag, "en") for tag in TAGS if not tag.casefold().startswith("es")],
        *[(tag, "es") for tag in ("es", "es-MX", "ES", "es_ES.UTF-8", "es-419", " es ", "es-x-private")],
    ],
)
def test_a_tag_asks_for_one_of_our_languages(tag: str, language: str) -> None:
    assert match_language(tag) == language


def test_the_nearest_language_of_a_flow_is_taken() -> None:
    languages = ("en", "pt-BR", "zh-Hant", "zh")
    asked = {tag: match_language(tag, languages) for tag in ("pt", "PT-br", "pt-PT", "zh-Hant-TW", "zh_CN", "fr")}
    assert asked == {
        "pt": "pt-BR", "PT-br": "pt-BR", "pt-PT": "pt-BR", "zh-Hant-TW": "zh-Hant", "zh_CN": "zh", "fr": "en",
    }  # fmt: skip


def test_every_shared_text_is_in_each_shared_language(localizer: Localizer) -> None:
    assert {tuple(sorted(texts)) for texts in localizer.catalog.values()} == {tuple(sorted(SHARED_LANGUAGES))}
    for package in ("adapters.shared", "adapters.slack", "adapters.teams"):
        words = yaml.safe_load((files(package) / "words.yaml").read_text("utf-8"))
        assert {tuple(sorted(texts)) for texts in words.values()} == {tuple(sorted(SHARED_LANGUAGES))}


def test_a_missing_translation_is_english_or_the_first_one() -> None:
    assert text_in({"de": "Ja", "en": "Yes"}, "fr") == "Yes"
    assert text_in({"de": "Ja", "it": "Sì"}, "fr") == "Ja"
    assert [flow_language(tag, ("de", "en")) for tag in ("fr", "de-AT", "en-GB")] == ["en", "de", "en"]
    assert flow_language("fr", ("de", "it")) == "de"


def screens(registry: FlowRegistry, flow: Flow, tag: str, zone: str, *, is_stored: bool) -> str:
    """Every screen of somebody with this language and zone. `is_stored`: an older release stored them so."""
    localizer = registry.localizer(tag, zone)
    driver = begin_recovery(language=tag, timezone=zone)
    language = tag if is_stored else driver.recovery.language
    driver.jump("feelings")
    driver.note("feeling", Feeling("angry", 3))
    driver.note("next_update", Moment(NOON))
    driver.note("commitment", Commitment("Ana", "calls", NOON))
    recovery = replace(driver.recovery, language=language)
    promise = OpenCommitment("r", "Acme", "e1", Commitment("Ana", "calls", NOON, CommitmentState.OPEN))
    home = home_screen([RecoveryWithFlow(flow, recovery)], [], [promise], localizer, NIGHTS, {})
    hours = localizer.text("command.hours", hours=localizer.format_hours(NIGHTS), timezone=localizer.timezone)
    settings = forms.settings_form(localizer, DEFAULT_HOURS, (("en", "English"),))
    parts = [
        plain_text.card_text(guide_card(flow, recovery, recovery.responder, localizer, NOON)),
        summary_document(flow, recovery, SummaryVersion.INTERNAL, localizer).text,
        str(home),
        str(more_panel(flow, recovery, localizer)),
        str(settings),
        hours,
    ]
    return "\n".join(parts)


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("tag", TAGS)
def test_words_and_dates_are_in_one_language(shipped: FlowRegistry, flow: Flow, tag: str, *, is_stored: bool) -> None:
    language = match_language(tag)
    text = screens(shipped, flow, tag, "Mars/Base", is_stored=is_stored)
    assert text == screens(shipped, flow, language, "UTC", is_stored=is_stored)
    assert re.search(DAYS[language], text)
    assert "(UTC)" in text
    assert "Mars" not in text


@examples(60)
@given(tag=st.text(max_size=30), zone=st.text(max_size=30))
def test_every_screen_is_drawn_whatever_language_and_zone_are_called(
    shipped: FlowRegistry, flow: Flow, tag: str, zone: str
) -> None:
    assert screens(shipped, flow, tag, zone, is_stored=True)


@pytest.mark.parametrize(
    ("language", "number"), [("en", "12,000"), ("es", "12.000"), ("ja", "12,000"), ("xx", "12,000")]
)
def test_numbers_are_in_the_language_of_the_words(localizer: Localizer, language: str, number: str) -> None:
    assert Localizer(localizer.catalog, language).format_number(12_000) == number
