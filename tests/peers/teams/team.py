"""A made-up company in Teams: who and what is in it, as the playground wants it told."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

TENANT = "11111111-1111-4111-8111-111111111111"
APP_ID = "00000000-0000-4000-8000-0000000000b0"
BOT_NAME = "Trust Recover"
DOMAIN = "northwind.example"

GROUP = "19:acme@thread.v2"
"""A group chat of everybody."""
TEAM = "19:general@thread.tacv2"
"""A team of everybody; the id is its General channel's too."""
CHANNEL = "19:outage@thread.tacv2"
"""The other channel: the playground takes one."""
TEAM_NAME, CHANNEL_NAME, GROUP_NAME = "Acme account", "outage", "Acme and Northwind"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the tenant. `email` of another domain: a guest, whom only the principal name tells."""

    name: str
    number: int
    email: str

    @property
    def id(self) -> str:
        return f"29:{self.first.lower()}"

    @property
    def object_id(self) -> str:
        return f"00000000-0000-4000-8000-{self.number:012x}"

    @property
    def first(self) -> str:
        return self.name.split()[0]

    @property
    def guest(self) -> bool:
        return not self.email.endswith(f"@{DOMAIN}")

    @property
    def principal_name(self) -> str:
        return f"{self.email.replace('@', '_')}#EXT#@{DOMAIN}" if self.guest else self.email

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "userPrincipleName": self.principal_name,
            "aadObjectId": self.object_id,
            "givenName": self.first,
            "surname": self.name.split()[1],
            "email": self.email,
        }


ALEX = Person("Alex Responder", 0xA1, f"alex@{DOMAIN}")
"""The one whom the playground's page is of."""
SAM = Person("Sam Colleague", 0xA2, f"sam@{DOMAIN}")
KIM = Person("Kim Lead", 0xA3, f"kim@{DOMAIN}")
PATTI = Person("Patti Colleague", 0xA4, f"patti@{DOMAIN}")
MEGAN = Person("Megan Client", 0xC1, "megan@acme.example")
LYNNE = Person("Lynne Client", 0xC2, "lynne@acme.example")
OTHERS = (SAM, KIM, PATTI, MEGAN, LYNNE)
"""The playground wants exactly five."""

PERSONAL = "a:alex"
"""Alex's chat with the bot. `Playground.personal` opens anybody else's."""


def bot_id(app_id: str = APP_ID) -> str:
    return f"28:{app_id}"


def config(app_id: str = APP_ID, tenant: str = TENANT) -> Json:
    """The playground's configuration file."""
    return {
        "version": "0.1.1",
        "tenantId": tenant,
        "bot": {"id": bot_id(app_id), "name": BOT_NAME},
        "currentUser": ALEX.as_json(),
        "users": [person.as_json() for person in OTHERS],
        "personalChat": {"id": PERSONAL},
        "groupChat": {"id": GROUP, "name": GROUP_NAME},
        "team": {
            "id": TEAM,
            "name": TEAM_NAME,
            "aadGroupId": "00000000-0000-4000-8000-000000000031",
            "channels": [{"id": CHANNEL, "name": CHANNEL_NAME}],
        },
    }
