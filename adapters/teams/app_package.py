"""What the app is to Teams: its commands, its permissions with their reasons, and the package that is uploaded."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile, ZipInfo

from adapters.teams.activity import CHECK_COMMAND_ID, RECOVER_COMMAND_ID
from flows.errors import TrustRecoverError

PERMISSIONS: dict[str, dict[str, str]] = {
    "ChannelMessage.Read.Group": {
        "en": "To notice that the client wrote in the thread of a recovery in a channel. It reads no history.",
        "es": "Para saber que el cliente escribió en el hilo de una recuperación en un canal. No lee el historial.",
    },
    "ChatMessage.Read.Chat": {
        "en": "To notice the same in a group chat.",
        "es": "Para saber lo mismo en un chat de grupo.",
    },
}
"""Asked for only on demand; each, and why it is needed, by language. Reading who is there needs none: the bot may."""

COMMANDS: dict[str, dict[str, str]] = {
    "start": {
        "en": "Start a recovery with a client: start Acme",
        "es": "Iniciar una recuperación con un cliente: start Acme",
    },
    "status": {"en": "Show which step your recovery is at", "es": "Ver en qué paso está tu recuperación"},
    "summary": {"en": "Show the summary in your guide", "es": "Ver el resumen en tu guía"},
    "handover": {"en": "Hand over to a colleague: handover @Sam", "es": "Pasar a un colega: handover @Sam"},
    "quiet": {"en": "No reminders in this recovery", "es": "Sin recordatorios en esta recuperación"},
    "hours": {
        "en": "When reminders may come: hours 9-17 mon-fri",
        "es": "Horario de recordatorios: hours 9-17 lun-vie",
    },
    "check": {"en": "Hints on your words: check Sorry if …", "es": "Revisar tus palabras: check Perdone si …"},
    "stop": {"en": "End the recovery and see the summary", "es": "Terminar la recuperación y ver el resumen"},
    "help": {"en": "List what you can type", "es": "Ver qué puedes escribir"},
    "home": {"en": "Your recoveries and promises", "es": "Tus recuperaciones y compromisos"},
}
"""The command words, and `home`, which is a page of its own on other platforms."""

MESSAGE_COMMANDS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    RECOVER_COMMAND_ID: (
        {"en": "Recover trust from here", "es": "Recuperar confianza desde aquí"},
        {
            "en": "Starts a recovery in this thread, or opens your guide. Only you can see it.",
            "es": "Inicia una recuperación en este hilo o abre tu guía. Solo puedes verla tú.",
        },
    ),
    CHECK_COMMAND_ID: (
        {"en": "Check my words", "es": "Revisar mis palabras"},
        {
            "en": "Hints on a message of yours: what could hurt, and how to say it. Only you see them.",
            "es": "Sugerencias sobre un mensaje tuyo: qué puede doler y cómo decirlo. Solo las ves tú.",
        },
    ),
}
"""The actions on a message by their names in what Teams sends: title and description by language."""
SHORT_DESCRIPTIONS = {
    "en": "A private guide for people who look after clients.",
    "es": "Una guía privada para quienes atienden a clientes.",
}
LONG_DESCRIPTIONS = {
    "en": (
        "A private card guides you through a conversation with a client, one step at a time: what to ask, what to say, "
        "what to note, and what to do next. Only you can see it, and the colleagues whom you invite. Nothing is posted "
        "in a channel or chat unless you ask for it."
    ),
    "es": (
        "Una tarjeta privada te guía paso a paso por una conversación con un cliente: qué preguntar, qué decir, qué "
        "anotar y qué hacer después. Solo pueden verla tú y los colegas a quienes invites. No se publica nada en un "
        "canal o chat si no lo pides."
    ),
}
"""Everybody who sees the app in a channel can read these, external users too: they do not mention angry clients."""

MANIFEST_VERSION = "1.30"
MAX_NAME_CHARACTERS = 30
MAX_DEVELOPER_CHARACTERS = 32
_SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_VERSION = re.compile(r"\d{1,5}\.\d{1,5}\.\d{1,5}")
_STATIC = Path(__file__).parent / "static"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""A zip knows no earlier time; the same for all files, so that the same app is the same package."""


class InvalidAppId(TrustRecoverError):
    """The app id, a GUID, is the Application (client) ID of the bot's registration. Give it with --app-id."""


class InvalidName(TrustRecoverError):
    """A name of the app has 1 to 30 characters, its developer's 1 to 32. Give a shorter one."""


class MissingPages(TrustRecoverError):
    """Teams shows pages about the app. Give --website, --privacy and --terms, https://…, or --public-url for all."""


class InvalidVersion(TrustRecoverError):
    """A version of the app is three numbers, such as 1.0.2. Give --app-version another one."""


@dataclass(frozen=True, slots=True)
class TeamsAppDetails:
    """What differs from one installation to the next.

    `website`, `privacy`, `terms`: pages about the app, https; `public_url` stands in for those that are not given.
    `reads_messages`: ask for PERMISSIONS, to which each team or chat then consents when the app is added.
    `app_version`: an update needs a higher one; the release's, if it is empty.

    Raises:
        InvalidAppId, InvalidName, MissingPages, InvalidVersion: as their names say.

    """

    app_id: str
    name: str = "Trust Recover"
    developer: str = "Trust Recover"
    public_url: str = ""
    website: str = ""
    privacy: str = ""
    terms: str = ""
    app_version: str = ""
    reads_messages: bool = False

    def __post_init__(self) -> None:
        if not _GUID.fullmatch(self.app_id):
            raise InvalidAppId
        if (
            not f"{self.name}{self.developer}".isprintable()
            or not 1 <= len(self.name.strip()) <= MAX_NAME_CHARACTERS
            or not 1 <= len(self.developer.strip()) <= MAX_DEVELOPER_CHARACTERS
        ):
            raise InvalidName
        if not all(_is_page(url) for url in self.pages):
            raise MissingPages
        if self.app_version and not _VERSION.fullmatch(self.app_version):
            raise InvalidVersion

    @property
    def pages(self) -> tuple[str, str, str]:
        """Website, privacy, terms."""
        return (
            self.website or self.public_url,
            self.privacy or self.public_url,
            self.terms or self.public_url,
        )


def _is_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def app_manifest(app: TeamsAppDetails) -> dict[str, Any]:
    """The manifest, in English."""
    website, privacy, terms = app.pages
    host = urlsplit(app.public_url).hostname
    return {
        "$schema": _SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": app.app_version or version("trust-recover"),
        "id": app.app_id,
        "developer": {
            "name": app.developer,
            "websiteUrl": website,
            "privacyUrl": privacy,
            "termsOfUseUrl": terms,
        },
        "name": {"short": app.name},
        "description": {"short": SHORT_DESCRIPTIONS["en"], "full": LONG_DESCRIPTIONS["en"]},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#0f6b5e",
        "localizationInfo": {
            "defaultLanguageTag": "en",
            "additionalLanguages": [{"languageTag": "es", "file": "es.json"}],
        },
        "bots": [_bot(app.app_id)],
        "composeExtensions": [_extension(app.app_id)],
        # Reserved names: a link to the chat with the app needs the first.
        "staticTabs": [{"entityId": name, "scopes": ["personal"]} for name in ("conversations", "about")],
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        # Shared and private channels, where external users are.
        "supportsChannelFeatures": "tier1",
        "validDomains": [host] if host else [],
        **(_consent(app.app_id) if app.reads_messages else {}),
    }


def _bot(app_id: str) -> dict[str, Any]:
    commands = [{"title": word, "description": descriptions["en"]} for word, descriptions in COMMANDS.items()]
    # What is typed after a slash travels as a message for the bot's eyes only, which a personal chat does not know.
    lists = {"personal": ["mention"], "team": ["mention", "slash"], "groupChat": ["mention", "slash"]}
    return {
        "botId": app_id,
        "scopes": list(lists),
        "isNotificationOnly": False,
        "supportsFiles": False,
        "supportsTargetedMessages": True,
        "commandLists": [
            {"scopes": [scope], "triggers": triggers, "commands": commands} for scope, triggers in lists.items()
        ],
    }


def _extension(app_id: str) -> dict[str, Any]:
    return {
        "botId": app_id,
        "commands": [
            {
                "id": command_id,
                "type": "action",
                "title": titles["en"],
                "description": descriptions["en"],
                "context": ["message"],
                "fetchTask": True,
            }
            for command_id, (titles, descriptions) in MESSAGE_COMMANDS.items()
        ],
    }


def _consent(app_id: str) -> dict[str, Any]:
    """Consent by team or chat. It needs the app named once more, and a resource, which is not looked at."""
    return {
        "webApplicationInfo": {"id": app_id, "resource": "https://RscBasedStoreApp"},
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]}
        },
    }


def manifest_translation(app: TeamsAppDetails, language: str) -> dict[str, str]:
    """The manifest's texts in another language, by where they stand. The words of commands stay: they are typed."""
    scopes = range(len(_bot(app.app_id)["commandLists"]))
    command_descriptions = {
        f"bots[0].commandLists[{scope}].commands[{number}].description": descriptions[language]
        for scope in scopes
        for number, descriptions in enumerate(COMMANDS.values())
    }
    message_commands = {
        f"composeExtensions[0].commands[{number}].{key}": texts[language]
        for number, titles_and_descriptions in enumerate(MESSAGE_COMMANDS.values())
        for key, texts in zip(("title", "description"), titles_and_descriptions, strict=True)
    }
    return {
        "$schema": _SCHEMA.replace("MicrosoftTeams.", "MicrosoftTeams.Localization."),
        "name.short": app.name,
        "description.short": SHORT_DESCRIPTIONS[language],
        "description.full": LONG_DESCRIPTIONS[language],
        **command_descriptions,
        **message_commands,
    }


def app_package(app: TeamsAppDetails) -> bytes:
    """The zip that Teams takes. The same app gives the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in _files(app):
            archive.writestr(ZipInfo(name, _ZIP_EPOCH), content)
    return buffer.getvalue()


def _files(app: TeamsAppDetails) -> Iterator[tuple[str, bytes]]:
    for name, content in (("manifest.json", app_manifest(app)), ("es.json", manifest_translation(app, "es"))):
        yield name, json.dumps(content, indent=2, ensure_ascii=False).encode()
    for name in ("color.png", "outline.png"):
        yield name, (_STATIC / name).read_bytes()
