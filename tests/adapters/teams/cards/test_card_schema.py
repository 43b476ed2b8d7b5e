"""The measure that cards are held against notices what is wrong with one."""

import json
import re

import pytest

from adapters.teams.cards.markup import Json
from tests.adapters.teams.card_schema import faults_of
from tests.adapters.teams.payloads import NASTY, buttons, card_of
from tests.flows.test_golden import filled


def feelings() -> Json:
    driver = filled("trust-recovery", "en")
    driver.jump("feelings")
    return card_of(driver)


BROKEN = [
    (r'"RichTextBlock"', '"RichText"'),
    (r'"inlines"', '"runs"'),
    (r'"Action.Execute"', '"Action.Run"'),
    (r'"large"', '"huge"'),
    (r'"TextRun"', '"TextBlock"'),
    (r'"auto"', '"some"'),
    (r'"style": "compact"', '"style": "small"'),
    (r'"positive"', '"primary"'),
    (r'"isSubtle": true', '"isSubtle": "yes"'),
    (r'"id": "in[^"]*"', '"name": "x"'),
    (r'"version": "1.5"', '"version": 1.5'),
    (r'"spacing": "small"', '"spacing": "tight"'),
]


@pytest.mark.parametrize(("good", "bad"), BROKEN, ids=[good for good, _ in BROKEN])
def test_a_broken_card_is_noticed(good: str, bad: str) -> None:
    text = json.dumps(feelings())
    broken, count = re.subn(good, bad, text)
    assert count
    assert faults_of(json.loads(broken)) != []


def test_markdown_dates_and_seven_actions_are_noticed() -> None:
    good = feelings()
    markdown = good | {"body": [{"type": "TextBlock", "text": NASTY}]}
    date = good | {"body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "{{DATE(x)}}"}]}]}
    seven = good | {"actions": buttons(good) * 2}
    nowhere = good | {"body": [part for part in good["body"] if "id" not in part]}
    assert all(faults_of(one) for one in (markdown, date, seven, nowhere, good | {"body": good["body"] * 60}))
