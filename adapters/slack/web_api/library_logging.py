"""Slack's libraries log codes, tickets and payloads. Their log lines are dropped; ours say what happened."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

SILENT_LOGGER = logging.getLogger("adapters.slack.library")
SILENT_LOGGER.addHandler(logging.NullHandler())
SILENT_LOGGER.propagate = False
SILENT_LOGGER.setLevel(logging.CRITICAL + 1)

MAX_DETAILS, MAX_DETAIL_CHARACTERS = 5, 200
"""Messages of one error that are kept, and characters of each."""
_TEMPORARY_ERRORS = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}


def slack_error_code(error: BaseException) -> str | None:
    """Slack's error code, such as `invalid_auth`; None if Slack itself failed or was not reached."""
    data = getattr(error.response, "data", None) if isinstance(error, SlackApiError) else None
    error_code = data.get("error") if isinstance(data, dict) else None  # a gateway before Slack answers with a page
    return error_code if isinstance(error_code, str) and error_code.replace("_", "").isalnum() else None


def error_detail(data: Mapping[str, Any]) -> str:
    """All that Slack said about an error, as one line for the log and the operator: any text can stand in it."""
    metadata = data.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    parts = [("", data.get("error")), ("needed: ", data.get("needed")), ("provided: ", data.get("provided"))]
    parts += [("", message) for message in messages[:MAX_DETAILS]] if isinstance(messages, list) else []
    return "; ".join(name + _one_line(part) for name, part in parts if isinstance(part, str) and part)


def _one_line(text: str) -> str:
    shortened = text if len(text) <= MAX_DETAIL_CHARACTERS else text[:MAX_DETAIL_CHARACTERS] + "…"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in shortened)


def permanent_error_code(error: BaseException) -> str | None:
    """Slack's error code; None also if a retry may help."""
    error_code = slack_error_code(error)
    return None if error_code in _TEMPORARY_ERRORS else error_code


def retry_after_seconds(error: BaseException) -> float:
    """Seconds that Slack asks to wait, for a call that came too often; otherwise 0."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    retry_after = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(retry_after) if retry_after.isdecimal() else 0.0
