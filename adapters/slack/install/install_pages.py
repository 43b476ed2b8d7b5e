"""The pages that somebody sees who installs the app. Their style is a file, as the server's rules for content ask."""

from functools import partial

from adapters.shared.i18n import load_translations
from adapters.shared.templates import template_environment
from adapters.slack.manifest import SCOPES, STATIC_PATH
from flows.text import clean_name

LANGUAGES = ("en", "es")
FALLBACK = "en"
FAILURES = (
    "access_denied",
    "invalid_browser",
    "invalid_state",
    "invalid_code",
    "unreachable",
    "storage_error",
    "workspace_not_allowed",
)
"""What can go wrong, by Bolt's names and ours; each has its words."""


class InstallPages:
    """Draws them. Every text is escaped by the templates."""

    def __init__(self) -> None:
        """Load the templates and their words."""
        self._words = load_translations("adapters.slack", "templates", "install.yaml")
        self._templates = template_environment("adapters.slack")

    def install(self, scopes: tuple[str, ...], start: str, language: str) -> str:
        """What the app is, what it asks for and why. `start`: the address that leads to Slack."""
        reasons = [(scope, SCOPES.get(scope, {}).get(language, "")) for scope in scopes]
        return self._draw("install.html", language, scopes=reasons, start=start)

    def success(self, name: str, language: str, *, org: bool) -> str:
        """It is installed in the workspace or organisation `name`: what to do next."""
        return self._draw("installed.html", language, name=clean_name(name), org=org)

    def failure(self, reason: str, again: str, language: str) -> str:
        """What went wrong and what to do. `again`: the address at which to begin again."""
        known_reason = reason if reason in FAILURES else "unknown"
        return self._draw("not_installed.html", language, reason=known_reason, again=again)

    def _draw(self, template: str, language: str, **values: object) -> str:
        say = partial(self._say, language)
        return self._templates.get_template(template).render(say=say, language=language, static=STATIC_PATH, **values)

    def _say(self, language: str, key: str, **values: str) -> str:
        return self._words[key][language].format(**values)


def language_of(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak."""
    languages = (part.strip()[:2].lower() for part in accept_language.split(","))
    return next((tag for tag in languages if tag in LANGUAGES), FALLBACK)
