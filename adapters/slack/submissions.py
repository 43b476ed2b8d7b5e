"""Forms that were filled in: what they say, and what the modal shows next."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from slack_bolt import BoltResponse

from adapters.keys import Forged
from adapters.port import Answer, Filled, Tapped
from adapters.slack import filled
from adapters.slack.desk import Desk, nothing, told
from adapters.slack.installations import Installation
from adapters.slack.modals import notice_view
from adapters.slack.people import User
from adapters.slack.taps import Taps
from adapters.slack.text import Json
from adapters.slack.words import say
from flows.cards import Form
from flows.people import Person

Body = dict[str, Any]
SETTINGS = "settings"
DIGITS = 32
"""Of a digest: half of it is enough to tell two forms apart."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What travelled with a form: whose it is, which one, how often it was shown in a row, and where a talk begins."""

    recovery: str
    form: str
    nth: int
    conversation: str
    thread: str


@dataclass(frozen=True, slots=True)
class Submissions:
    """What somebody sends by a modal."""

    desk: Desk
    taps: Taps

    async def submitted(self, at: Installation, body: Body) -> BoltResponse:
        """A form: take it in, then close it, show what is wrong, or offer the same again."""
        view = body["view"]
        meaning = self._meaning(view)
        user = await self.desk.people.met(at, body["user"]["id"], body["user"].get("name", ""))
        values = view["state"]["values"]
        given = filled.answers(values)
        answers: dict[str, str | tuple[str, ...] | Person] = dict(given.answers)
        if given.person:
            person = await self.desk.people.user(at, given.person)
            if person.outsider or person.robot:
                told_why = {"person": say(user.language, "not_a_colleague", name=person.name)}
                return _errors(filled.field_errors(told_why, values))
            answers["person"] = person.person(at.workspace)
        scene = await self.desk.scene(at, user, meaning.conversation, meaning.thread)
        event_id = f"form:{view['id']}:{view.get('hash', '')}:{meaning.nth}:{_digest(values)}"
        by = user.person(at.workspace)
        answer = await self.desk.application.receive(
            Filled(event_id, by, scene, meaning.recovery, meaning.form, answers)
        )
        if scene.shared:
            self.desk.channels.settle(at, meaning.conversation)
        if answer.faults:
            return _errors(filled.field_errors(answer.faults, values))
        if meaning.form == SETTINGS:
            await self.taps.home(at, user)
            return told({"response_action": "clear"})
        return await self._next(at, body, user, meaning, answer)

    async def _next(self, at: Installation, body: Body, user: User, meaning: Meaning, answer: Answer) -> BoltResponse:
        if answer.notice:
            language = answer.language or user.language
            view = notice_view(answer.notice, language)
            if answer.recovery:
                view["blocks"].append(self.desk.way_to_guide(at, body["api_app_id"], language))
            return told({"response_action": "update", "view": view})
        again = await self._again(at, body, user, meaning)
        return told({"response_action": "update", "view": again} if again else {"response_action": "clear"})

    async def _again(self, at: Installation, body: Body, user: User, meaning: Meaning) -> Json | None:
        """The same form, empty, where one is seldom filled alone."""
        if not meaning.form.startswith("note:"):
            return None
        event_id = f"form:{body['view']['id']}:{body['view'].get('hash', '')}:again"
        asked = Tapped(event_id, user.person(at.workspace), meaning.recovery, 0, f"open:{meaning.form}")
        answer = await self.desk.application.receive(asked)
        if not isinstance(answer.dialog, Form) or not answer.dialog.again:
            return None
        return self.desk.view(answer, user.language, nth=meaning.nth + 1)

    def _meaning(self, view: Json) -> Meaning:
        """What travelled with the form.

        Raises:
            Forged: it is not what we sent.

        """
        value = self.desk.seal.unseal(view.get("private_metadata") or "")
        if not isinstance(value, dict) or not {"recovery", "form", "nth"} <= set(value):
            raise Forged
        texts = (str(value.get(name, "")) for name in ("conversation", "thread"))
        return Meaning(str(value["recovery"]), str(value["form"]), int(value["nth"]), *texts)


def _digest(values: filled.Values) -> str:
    """Of what was filled in: a form that was stored but answered too late may be changed and sent once more."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:DIGITS]


def _errors(errors: dict[str, str]) -> BoltResponse:
    """Shown at the fields; what was typed stays."""
    return told({"response_action": "errors", "errors": errors}) if errors else nothing()
