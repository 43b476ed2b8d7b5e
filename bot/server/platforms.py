"""What a platform adds to the application."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from adapters.port import Platform


@dataclass(frozen=True, slots=True)
class PlatformSetup:
    """Platforms by name, and their routes. `verified_paths`: the platform verifies the sender of requests to them."""

    platforms: Mapping[str, Platform] = field(default_factory=dict)
    routes: tuple[web.AbstractRouteDef, ...] = ()
    verified_paths: tuple[str, ...] = ()
