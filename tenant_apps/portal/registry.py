"""What products add to the client's space: a menu entry, a card on the home page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from tenant_apps.clients.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """A line of the menu, shown when the policy has the product. None: always shown."""

    product: str | None
    label: str | Promise
    url_name: str
    position: int
    # The path prefixes of its screens, to mark the current one.
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of the home page: a template, and what it shows of one client."""

    product: str
    template: str
    context: Callable[[Client, datetime], dict[str, Any]]


_entries: list[MenuEntry] = []
_cards: list[Card] = []


def register_menu_entry(entry: MenuEntry) -> None:
    _entries.append(entry)
    _entries.sort(key=lambda each: each.position)


def register_card(card: Card) -> None:
    _cards.append(card)


def menu_entries(*, products: tuple[str, ...]) -> list[MenuEntry]:
    return [entry for entry in _entries if entry.product is None or entry.product in products]


def cards(*, products: tuple[str, ...]) -> list[Card]:
    return [card for card in _cards if card.product in products]
