"""Calls of Slack's Web API, and which of its errors mean what."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.port import RateLimited, Unavailable, Undeliverable
from adapters.shared.outgoing import proxy_for, tls_context
from adapters.slack.web_api.library_logging import error_detail, retry_after_seconds
from adapters.slack.web_api.redirects import refuse_redirects
from adapters.slack.web_api.response_urls import RESPONSE_HOSTS, ResponseHosts
from adapters.slack.web_api.web_client import open_web_client
from flows.errors import TrustRecoverError
from flows.state.delivery_failure import DeliveryFailure

ApiResponse = dict[str, Any]

CALL_TIMEOUT_SECONDS = 10
DEFAULT_RETRY_SECONDS = 30.0
"""Seconds to wait where Slack says no number with its 429."""
UNLIMITED_CONNECTIONS = 0
SUCCESS, SERVER_ERROR = range(200, 300), 500
TOO_MANY_REQUESTS = 429

_ERRORS_BY_FAILURE = {
    DeliveryFailure.NOT_INVITED: ("not_in_channel", "channel_not_found"),
    DeliveryFailure.ARCHIVED: ("is_archived",),
    DeliveryFailure.DELETED: ("user_not_found", "users_not_found", "account_deleted", "user_deleted"),
    DeliveryFailure.NO_THREAD: ("thread_not_found", "invalid_thread_ts", "cannot_reply_to_message", "no_channel"),
    DeliveryFailure.NOT_ALLOWED: (
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "ekm_access_denied",
        "team_access_not_granted",
        "access_denied",
        "as_user_not_supported",
        "method_not_supported_for_channel_type",
    ),
    DeliveryFailure.SIGNED_OUT: (
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "org_login_required",
        "app_missing",
        "two_factor_setup_required",
    ),
    DeliveryFailure.CHAT_CLOSED: (
        "cannot_dm_bot",
        "user_disabled",
        "user_not_visible",
        "user_not_in_channel",
        "messages_tab_disabled",
        "channel_type_not_supported",
        "is_inactive",
    ),
}
_FAILURE_BY_ERROR = {error: why for why, errors in _ERRORS_BY_FAILURE.items() for error in errors}
_TEMPORARY_ERRORS = frozenset({
    "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "timeout",
    "accesslimited", "token_rotation_required",
})  # fmt: skip
_RATE_LIMIT_ERRORS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
MESSAGE_GONE_ERRORS = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"})
"""Of `chat.update`: the message is gone, or may not be changed."""
EXPIRED_TRIGGER_ERRORS = frozenset(
    {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "invalid_trigger_id"}
)
"""Of `views.open`: the trigger is older than three seconds, or was used before."""

UNKNOWN_USER_ERRORS = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
"""Of `users.info`: Slack knows nobody with this id whom the app could see."""

READ_METHODS = frozenset({"users.info", "conversations.info", "conversations.members", "chat.getPermalink"})
"""Methods that ignore a JSON body, says Slack's reference: their parameters go into the query."""


class SlackRefusal(Undeliverable):
    """Slack refused a call. `error`: its error code."""

    def __init__(self, why: DeliveryFailure, method: str, error: str, detail: str = "") -> None:
        """Say which call was refused. `detail`: what Slack said, where that is more than the error code."""
        super().__init__(why, f"{method}: {detail or error}")
        self.error = error


class InvalidSlackCall(TrustRecoverError):
    """Slack gave an error that is none of those above: an error in this program, or one that is new at Slack."""


@dataclass(frozen=True, slots=True)
class SlackClient:
    """Calls methods of the Web API, each with the token of its workspace."""

    client: AsyncWebClient
    response_hosts: ResponseHosts

    async def call(self, token: str, method: str, **arguments: Any) -> ApiResponse:  # noqa: ANN401 - JSON
        """Slack's reply.

        Raises:
            SlackRefusal: a retry gets the same answer.
            RateLimited, Unavailable: a later retry may succeed.
            InvalidSlackCall: an error of this program.

        """
        parameters = {name: value for name, value in arguments.items() if value is not None} | {"token": token}
        try:
            if method in READ_METHODS:
                reply = await self.client.api_call(method, http_verb="GET", params=_query(parameters))
            else:
                reply = await self.client.api_call(method, json=parameters)
        except SlackApiError as error:
            raise _exception_for(method, error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            message = f"{method}: {type(error).__name__}"
            raise Unavailable(message) from error
        data = reply.data
        return data if isinstance(data, dict) else {}

    async def respond(self, url: str, message: ApiResponse) -> None:
        """Answer at the `response_url` of a request: it is valid for half an hour, and needs no token.

        Raises:
            Unavailable: Slack did not take it.
            ForbiddenResponseUrl: it does not lead to Slack.

        """
        self.response_hosts.check(url)
        if self.client.session is None:
            raise Unavailable
        try:
            async with self.client.session.post(
                url, json=message, allow_redirects=False, proxy=proxy_for(url)
            ) as response:
                is_accepted = response.status in SUCCESS
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            message_ = f"response_url: {type(error).__name__}"
            raise Unavailable(message_) from error
        if not is_accepted:
            why = f"response_url: HTTP {response.status}"
            raise Unavailable(why)


@asynccontextmanager
async def open_client(api_url: str, response_hosts: Iterable[str] = RESPONSE_HOSTS) -> AsyncIterator[SlackClient]:
    """The API at this base URL (`https://slack.com/api/`), over connections that are kept.

    `response_hosts`: to which a request may ask to be answered later.
    """
    timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS)
    connector = aiohttp.TCPConnector(limit=UNLIMITED_CONNECTIONS, ssl=tls_context())
    async with aiohttp.ClientSession(timeout=timeout, connector=connector, middlewares=(refuse_redirects,)) as session:
        web_client = open_web_client(api_url, session=session)
        yield SlackClient(web_client, ResponseHosts(api_url, frozenset(response_hosts)))


def _query(parameters: ApiResponse) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in parameters.items()}


def _exception_for(method: str, error: SlackApiError) -> Exception:
    """The exception for an error of Slack: rate limit, temporary, refused, or an error of this program."""
    response: Any = error.response
    status = response.status_code
    data = response.data if isinstance(response.data, dict) else {}
    word = str(data.get("error") or f"HTTP {status}")
    if status == TOO_MANY_REQUESTS or word in _RATE_LIMIT_ERRORS:
        return RateLimited(retry_after_seconds(error) or DEFAULT_RETRY_SECONDS)
    if status >= SERVER_ERROR or word in _TEMPORARY_ERRORS or not data:
        return Unavailable(f"{method}: {word}")
    if word in _FAILURE_BY_ERROR:
        return SlackRefusal(_FAILURE_BY_ERROR[word], method, word, error_detail(data))
    if word in MESSAGE_GONE_ERRORS or word in EXPIRED_TRIGGER_ERRORS:
        return SlackRefusal(DeliveryFailure.REFUSED, method, word, error_detail(data))
    return InvalidSlackCall(f"{method}: {error_detail(data) or word}")
