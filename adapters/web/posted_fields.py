"""What a page posts: a form with a limit for everything, before anything is done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from adapters.port import Role
from adapters.web.visitors import PLATFORM, WORKSPACE
from flows.input.form_reader import FormAnswers
from flows.state.identity import Person

CONTENT_TYPE = "application/x-www-form-urlencoded"
MAX_FORM_BYTES = 256 * 1024
"""Bytes of a posted form. The longest text that is taken, a summary, has at most 144 kB as it travels."""
MAX_FIELDS = 100
MAX_FIELD_NAME_CHARACTERS = 100
MAX_ID_CHARACTERS = 200
"""Characters of what a page only sends back: ids, actions, names of forms."""
MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class PostedFields:
    """The fields, each with its values in order."""

    values: Mapping[str, tuple[str, ...]]

    def text(self, name: str, max_characters: int = MAX_ID_CHARACTERS) -> str:
        """A field's first value; empty if there is none.

        Raises:
            HTTPBadRequest: it is longer than any page of ours sends it.

        """
        text = self.long_text(name)
        if len(text) > max_characters:
            raise web.HTTPBadRequest(text=f"{name} is too long: the maximum is {max_characters} characters.")
        return text

    def long_text(self, name: str) -> str:
        """A field's first value, however long; the caller limits it."""
        return next(iter(self.values.get(name, ())), "")

    def number(self, name: str) -> int:
        """A field that is a number.

        Raises:
            HTTPBadRequest: it is not.

        """
        return parse_number(name, self.text(name))


async def read_fields(request: web.Request, max_bytes: int = MAX_FORM_BYTES) -> PostedFields:
    """The posted form.

    Raises:
        HTTPUnsupportedMediaType: it is not encoded as pages of ours encode it.
        HTTPRequestEntityTooLarge: it has more bytes.
        HTTPBadRequest: it is not UTF-8, or has too many fields.

    """
    if request.content_type != CONTENT_TYPE:
        raise web.HTTPUnsupportedMediaType(text=f"Send a form as {CONTENT_TYPE}.")
    body = await request.read()
    if len(body) > max_bytes:
        raise web.HTTPRequestEntityTooLarge(max_bytes, len(body), text=f"The maximum is {max_bytes} bytes.")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:  # also what is not UTF-8
        raise web.HTTPBadRequest(text=f"Not a form in UTF-8 with at most {MAX_FIELDS} fields.") from error
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if len(name) > MAX_FIELD_NAME_CHARACTERS:
            raise web.HTTPBadRequest(text="The name of a field is too long.")
        plain_value = value.replace("\x00", "")  # PostgreSQL stores no NUL
        values[name] = (*values.get(name, ()), plain_value)
    return PostedFields(values)


def read_role(fields: PostedFields) -> Role:
    """As whom somebody speaks.

    Raises:
        HTTPBadRequest: as nobody whom there is.

    """
    role = fields.text("as")
    if role not in set(Role):
        raise web.HTTPBadRequest(text="as must be client, responder or colleague")
    return Role(role)


def read_answers(fields: PostedFields, people: Sequence[tuple[str, str]]) -> FormAnswers:
    """The form's answers; a picked person becomes one of the room's people, or nobody."""
    answers: dict[str, str | tuple[str, ...] | Person] = {}
    for name in set(fields.values) - {"event_id", "recovery", "form", "person"}:
        values = fields.values[name]
        answers[name] = values[0] if len(values) == 1 else values
    person_id = fields.text("person")
    for user, person_name in people:
        if user == person_id:
            answers["person"] = Person(PLATFORM, WORKSPACE, user, person_name)
    return answers


def parse_number(name: str, text: str) -> int:
    """A number of at most 15 digits, the plain ones only.

    Raises:
        HTTPBadRequest: it is not one.

    """
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise web.HTTPBadRequest(text=f"{name} must be a number of at most {MAX_DIGITS} digits.")
    return int(text)
