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

from flows.errors import TrustRecoverError

PERMISSIONS: dict[str, dict[str, str]] = {
    "ChannelMessage.Read.Group": {
        "en": "To notice that the client wrote in a channel's thread where you recover trust. It reads no history.",
        "es": "Para notar que el cliente escribió en un hilo donde recuperas la confianza. No lee el historial.",
    },
    "ChatMessage.Read.Chat": {
        "en": "To notice the same in a group chat.",
        "es": "Para notar lo mismo en un chat de grupo.",
    },
}
"""Asked for only on demand; each, and why it is needed, by language. Reading who is there needs none: the bot may."""

COMMANDS: dict[str, dict[str, str]] = {
    "start": {"en": "Begin for a client: start Acme", "es": "Empezar con un cliente: start Acme"},
    "status": {"en": "Where your talk is", "es": "En qué punto está tu conversación"},
    "summary": {"en": "The summary, for you to post", "es": "El resumen, para que lo publiques"},
    "handover": {"en": "Let a colleague lead: handover @Sam", "es": "Que siga un colega: handover @Sam"},
    "quiet": {"en": "No nudges in this talk", "es": "Sin avisos en esta conversación"},
    "hours": {
        "en": "Nudges only while you work: hours 9-17 mon-fri",
        "es": "Avisos solo en tu horario: hours 9-17 mon-fri",
    },
    "stop": {"en": "End here, and see the summary", "es": "Terminar aquí y ver el resumen"},
    "help": {"en": "What it can do", "es": "Qué puede hacer"},
    "home": {"en": "Your talks and promises", "es": "Tus conversaciones y compromisos"},
}
"""The words of /trust-recover, and `home`, which has a page of its own elsewhere."""

MESSAGE_COMMAND_ID = "recoverHere"
"""The action on a message, as it is named in what Teams sends."""
TITLES = {"en": "Recover trust from here", "es": "Recuperar confianza desde aquí"}
ACTION_DESCRIPTIONS = {
    "en": "Begins or opens the guide for this thread. Only you see it.",
    "es": "Empieza o abre la guía para este hilo. Solo tú la ves.",
}
SHORT_DESCRIPTIONS = {
    "en": "A private guide for people who look after clients.",
    "es": "Una guía privada para quienes atienden a clientes.",
}
LONG_DESCRIPTIONS = {
    "en": (
        "A private conversation guides you through a talk, one step at a time: what to ask, what to say, what to write "
        "down, and what to do next. Only you see it, and those to whom you show it. Nothing is posted in a channel or "
        "chat unless you ask for that."
    ),
    "es": (
        "Una conversación privada te guía paso a paso: qué preguntar, qué decir, qué anotar y qué hacer después. Solo "
        "la ves tú, y aquellos a quienes se la muestras. Nada se publica en un canal o chat si no lo pides."
    ),
}
"""Whoever sees the app in a channel can read these, outsiders too: they tell of no trouble."""

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
    `hear`: ask for PERMISSIONS, to which each team or chat then consents when the app is added. `app_version`: an
    update needs a higher one; the release's, if it is empty.

    Raises:
        NoAppId, BadName, NoPages, BadVersion: as they say.

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
            not 1 <= len(self.name.strip()) <= MAX_NAME_CHARACTERS
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
        # Shared and private channels: where outsiders are.
        "supportsChannelFeatures": "tier1",
        "validDomains": [host] if host else [],
        **(_consent(app.app_id) if app.reads_messages else {}),
    }


def _bot(app_id: str) -> dict[str, Any]:
    commands = [{"title": word, "description": said["en"]} for word, said in COMMANDS.items()]
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
                "id": MESSAGE_COMMAND_ID,
                "type": "action",
                "title": TITLES["en"],
                "description": ACTION_DESCRIPTIONS["en"],
                "context": ["message"],
                "fetchTask": True,
            }
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
    described = {
        f"bots[0].commandLists[{scope}].commands[{number}].description": said[language]
        for scope in scopes
        for number, said in enumerate(COMMANDS.values())
    }
    return {
        "$schema": _SCHEMA.replace("MicrosoftTeams.", "MicrosoftTeams.Localization."),
        "name.short": app.name,
        "description.short": SHORT_DESCRIPTIONS[language],
        "description.full": LONG_DESCRIPTIONS[language],
        **described,
        "composeExtensions[0].commands[0].title": TITLES[language],
        "composeExtensions[0].commands[0].description": ACTION_DESCRIPTIONS[language],
    }


def app_package(app: TeamsAppDetails) -> bytes:
    """The zip that Teams takes. The same app gives the same bytes."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in _files(app):
            archive.writestr(ZipInfo(name, _ZIP_EPOCH), content)
    return written.getvalue()


def _files(app: TeamsAppDetails) -> Iterator[tuple[str, bytes]]:
    for name, content in (("manifest.json", app_manifest(app)), ("es.json", manifest_translation(app, "es"))):
        yield name, json.dumps(content, indent=2, ensure_ascii=False).encode()
    for name in ("color.png", "outline.png"):
        yield name, (_STATIC / name).read_bytes()
