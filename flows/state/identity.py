"""Who and where: our own frozen keys. Objects of a platform's library stay inside its adapter."""

from dataclasses import dataclass, field

from flows.text import clean_name


@dataclass(frozen=True, slots=True)
class Person:
    """A person on a platform. `name` is for display only and does not count when two persons are compared.

    Whatever platform or row the name comes from, it is made safe to show here.
    """

    platform: str
    workspace: str
    user_id: str
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean_name(self.name))


@dataclass(frozen=True, slots=True)
class Place:
    """A thread in a conversation; with an empty `thread`, the conversation itself."""

    platform: str
    workspace: str
    conversation: str
    thread: str = ""
