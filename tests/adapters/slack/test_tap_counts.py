"""How many taps a talk takes on Slack. Each tap and each form that is sent counts; typing does not."""

from dataclasses import dataclass

from tests.adapters.slack.harness import SlackHarness, SlackUser, again, labels
from tests.peers.slack.forms import FieldValue
from tests.peers.slack.team import Json

MAX_BARE_TAPS, MAX_NOTED_TAPS = 11, 24


@dataclass(slots=True)
class TapCounter:
    """One person, and how often they tapped."""

    user: SlackUser
    count: int = 0

    async def tap(self, label: str, *texts: str) -> None:
        await self.user.tap(label, *texts)
        self.count += 1

    async def fill(self, label: str, *forms: dict[str, FieldValue], choices: int = 0) -> None:
        """Open a form, send it as often as there are answers, and close it where it comes up again.

        `choices`: how many of the answers are tapped and not typed.
        """
        form = await self.user.open(label)
        for values in forms:
            reply = await self.user.submit(form, values)
            assert reply.json.get("response_action") in {"update", "clear"}, reply.text
            form = again(form, reply) if reply.json["response_action"] == "update" else {}
        self.count += 1 + choices + len(forms) + bool(form)

    async def post(self) -> None:
        """To the client's version from wherever the summary opens, and post it."""
        await self.tap("See the summary", "Wrap-up")
        await self.user.guide("Check the summary.")
        await self.user.tap("Post client version", "Client version")
        self.count += 2  # with its question, which Slack asks by itself


async def in_shared_thread(on_slack: SlackHarness) -> tuple[TapCounter, str]:
    on_slack.amend_channel("acct-acme", is_ext_shared=True)
    dana = on_slack.user("dana")
    message = await dana.begin_in_thread()
    return TapCounter(dana), message["ts"]


async def test_a_talk_without_notes_takes_eleven_taps_at_the_most(on_slack: SlackHarness) -> None:
    at, thread = await in_shared_thread(on_slack)
    for number, label in enumerate(
        ("I am ready", "All said", "They confirmed", "They said yes", "No, nothing", "Agreed", "Took it in"), 1
    ):
        await at.tap(label, f"{number} of 8")
    await at.tap("Agreed", "8 of 8")
    await at.post()
    assert await at.user.thread("acct-acme", thread)
    assert at.count <= MAX_BARE_TAPS


async def test_a_talk_with_all_that_matters_noted_takes_twenty_four_taps_at_the_most(on_slack: SlackHarness) -> None:
    at, thread = await in_shared_thread(on_slack)
    await at.tap("I am ready", "1 of 8")
    await at.user.guide("2 of 8")
    await at.fill("Add…", {"What happened": "You never called me back"}, {"What happened": "The export was empty"})
    await at.tap("All said", "2 of 8")
    await at.tap("let down", "3 of 8")
    await at.tap("They confirmed", "3 of 8", "It sounds like you felt let down.")
    await at.tap("They said yes", "4 of 8", "let down")
    await at.tap("No, nothing", "5 of 8")
    await at.user.guide("6 of 8")
    await at.fill("Add…", {"The problem": "exports were not checked"})
    await at.tap("Agreed", "6 of 8", "exports were not checked")
    await at.tap("Took it in", "7 of 8")
    guide = await at.user.guide("8 of 8")
    await at.fill("Add…", {"Does what": "send the export", "By when": tomorrow(guide)}, choices=1)
    await at.tap(tomorrow(guide), "8 of 8", "send the export")
    await at.tap("Agreed", "8 of 8", f"✓ {tomorrow(guide)}")
    await at.post()
    (post,) = await at.user.thread("acct-acme", thread)
    assert "send the export" in post
    assert at.count <= MAX_NOTED_TAPS


def tomorrow(guide: Json) -> str:
    """The first time that is offered on the next day or later."""
    return next(label for label in labels(guide) if label.endswith("10:00"))
