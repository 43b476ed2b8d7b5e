"""Who and where: frozen keys of our own. No platform's object crosses an adapter's border."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform. The name is for display only: two keys with other names are the same person."""

    platform: str
    workspace: str
    user_id: str
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation, and the thread in it (empty: the conversation itself)."""

    platform: str
    workspace: str
    conversation: str
    thread: str = ""
