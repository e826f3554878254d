"""The addresses that a URL tree answers, read from the resolver itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Address:
    """One path of a tree, such as `contrats/<uuid:uuid>/`, and the names it goes by."""

    path: str
    names: tuple[str, ...]

    def url(self, **parts: Any) -> str:
        """The address with what its parts stand for."""
        url = self.path
        while "<" in url:
            before, _, rest = url.partition("<")
            part, _, after = rest.partition(">")
            url = f"{before}{parts[part.rpartition(':')[2]]}{after}"
        return f"/{url}"

    @property
    def has_object(self) -> bool:
        return "<" in self.path


def addresses(tree: str) -> dict[str, Address]:
    """By path; `tree` is the dotted name of a URL configuration."""
    found: dict[str, tuple[str, ...]] = {}
    for path, pattern in _walk(get_resolver(tree).url_patterns, ""):
        found[path] = (*found.get(path, ()), str(pattern.name))
    return {path: Address(path, names) for path, names in found.items()}


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield path, pattern
