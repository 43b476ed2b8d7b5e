"""Slack's signatures while this machine's clock is wrong: refused, and the log says by how much it is."""

import hashlib
import hmac

import pytest

from adapters.slack.listeners.verification import SlackVerifier
from tests.conftest import NOON, SetClock

SECRET, BODY = "8f742231b10e8888abcd99yyyzzz85a5", '{"type": "event_callback"}'
HOUR = 3600


def signed(at: float, secret: str = SECRET) -> dict[str, str]:
    stamp = f"{at:.0f}"
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{BODY}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0, ""),
        (299, ""),
        (-299, ""),
        (HOUR, "this machine's clock is 3600 s ahead of Slack's"),
        (-HOUR, "this machine's clock is 3600 s behind Slack's"),
    ],
)
def test_a_clock_that_is_wrong_is_named_with_the_difference(difference: float, words: str) -> None:
    refusal = SlackVerifier(SECRET, SetClock(NOON + difference)).refusal(signed(NOON), BODY)
    assert refusal.startswith(words)
    assert bool(refusal) is bool(words)


@pytest.mark.parametrize("at", [NOON, NOON - HOUR, NOON + HOUR, 0, 999_999_999_999])
def test_who_does_not_know_the_secret_hears_nothing_of_our_clock(at: float) -> None:
    assert SlackVerifier(SECRET, SetClock(NOON)).refusal(signed(at, "another secret"), BODY) == "signature is wrong"
