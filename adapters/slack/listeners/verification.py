"""Verification of requests: Slack signed them, not long ago, and they come for the first time."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cachetools import TTLCache
from slack_sdk.signature import Clock, SignatureVerifier

MAX_SIGNATURES = 200_000
MAX_TIMESTAMP_DIGITS = 12
"""Digits of a time in seconds. Slack's verifier fails on a number that no float holds."""
SIGNATURE_SECONDS = 300.0
"""Seconds for which a signature is valid."""


class _VerifierClock(Clock):
    """The kind of clock that Slack's verifier takes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock()


@dataclass(slots=True)
class SlackVerifier:
    """Checks signatures. A tap or a command comes once; Slack may send an event again, and its id tells."""

    secret: str
    clock: Callable[[], float]
    _verifier: SignatureVerifier = field(init=False)
    _used_signatures: TTLCache[str, None] = field(init=False)

    def __post_init__(self) -> None:
        self._verifier = SignatureVerifier(self.secret, _VerifierClock(self.clock))
        self._used_signatures = TTLCache(MAX_SIGNATURES, SIGNATURE_SECONDS, self.clock)

    def refusal(self, headers: Mapping[str, str], body: str) -> str:
        """Why this request is refused; empty if it is accepted."""
        stamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > MAX_TIMESTAMP_DIGITS or not signature.isascii():
            return "not signed"
        if not self._verifier.is_valid(body=body, timestamp=stamp, signature=signature):
            return self._why_invalid(stamp, signature, body)
        if _is_sent_once(body):
            if signature in self._used_signatures:
                return "it came before"
            self._used_signatures[signature] = None
        return ""

    def _why_invalid(self, stamp: str, signature: str, body: str) -> str:
        """The signature is wrong; or it is right, and of another time than this machine's."""
        right_signature = self._verifier.generate_signature(timestamp=stamp, body=body) or ""
        difference = self.clock() - int(stamp)
        if not hmac.compare_digest(right_signature, signature) or abs(difference) <= SIGNATURE_SECONDS:
            return "signature is wrong"
        side = "ahead of" if difference > 0 else "behind"
        return f"this machine's clock is {abs(difference):.0f} s {side} Slack's, or an old request came again"


def _is_sent_once(body: str) -> bool:
    """Whether Slack sends this request once: commands and interactions are, which are forms. No header is signed."""
    return not body.startswith("{")
