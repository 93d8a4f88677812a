"""The routes of the resolver, and somebody who knocks at one without leaving a trace."""

from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.matrix.world import World


def routes(
    patterns: list[Any] | None = None, path: str = "", space: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Yield the name, the path and the view of everything that has an address."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        whole = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry.url_patterns, whole, inner)
        else:
            assert isinstance(entry, URLPattern)
            yield f"{space}{entry.name or ''}", whole, entry.callback


class Knocker:
    """Everybody of the world at one door after the other."""

    def __init__(self, world: World) -> None:
        self.client = Client()
        self.cookies: dict[str, dict[str, str]] = {}
        for who, user in world.people.items():
            self.client.cookies.clear()
            if user is not None:
                self.client.force_login(user)
            self.cookies[who] = {key: morsel.value for key, morsel in self.client.cookies.items()}

    def answer(self, who: str, verb: str, path: str, **given: Any) -> int:
        """Return the status of one answer."""
        cache.clear()  # what was counted against a throttle
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies[who])
        before = transaction.savepoint()
        try:
            return int(self.client.generic(verb, path, **given).status_code)
        finally:
            transaction.savepoint_rollback(before)
