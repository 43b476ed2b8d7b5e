"""What a platform brings into the application."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from adapters.port import Platform


@dataclass(frozen=True, slots=True)
class PlatformSetup:
    """Platforms by name, and their routes. `signed`: paths of requests that prove by a signature who sends them."""

    platforms: Mapping[str, Platform] = field(default_factory=dict)
    routes: tuple[web.AbstractRouteDef, ...] = ()
    verified_paths: tuple[str, ...] = ()
