"""Foreign keys follow the arrows of the import contracts, which cannot see them, and stay in their schema."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pytest
from django.apps import apps
from django.conf import settings

from tests.conventions.rule import refuse
from tests.conventions.tree import ROOT

TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = TOOLS["importlinter"]["contracts"]
OURS = ("guichet.", "tenants", "shared_apps.", "tenant_apps.")

# Examples of what stands in `public` and of what stands in the schema of each caisse.
SHARED = {"tenants", "procrastinate.contrib.django"}
OF_A_CAISSE = {"tenants.policy", "tenant_apps.clients", "tenant_apps.identity", "django.contrib.contenttypes"}


class Arrow(NamedTuple):
    """A field of one application that points to a model of another; both are named by their package."""

    source: str
    target: str
    field: str


def layers(identity: str, prefix: str) -> list[list[str]]:
    """The layers of a contract, highest first."""
    contract = next(contract for contract in CONTRACTS if contract["id"] == identity)
    return [[prefix + name for name in re.findall(r"[\w.]+", layer)] for layer in contract["layers"]]


def heights(highest_first: list[list[str]]) -> dict[str, int]:
    return {name: -depth for depth, layer in enumerate(highest_first) for name in layer}


STRATA, TRADE = heights(layers("strata", "")), heights(layers("trade", "tenant_apps."))


def height(package: str, of: Mapping[str, int]) -> int | None:
    fitting = [name for name in of if package == name or package.startswith(f"{name}.")]
    return of[max(fitting, key=len)] if fitting else None


def goes_up(arrow: Arrow) -> bool:
    """Within one application a key goes where it likes; strangers of one layer do not point at each other."""
    if arrow.source == arrow.target:
        return False
    for order in (TRADE, STRATA):
        source, target = height(arrow.source, order), height(arrow.target, order)
        if source is not None and target is not None and source != target:
            return source < target
        if order is TRADE and source is not None and source == target:
            return True
    return False


def leaves_its_schema(arrow: Arrow, *, shared: Iterable[str], of_a_caisse: Iterable[str]) -> bool:
    sides = (set(shared), set(of_a_caisse))
    return any((arrow.source in side) != (arrow.target in side) for side in sides)


def arrows() -> Iterator[Arrow]:
    for model in apps.get_models(include_auto_created=True):
        source = model._meta.app_config.name
        if not source.startswith(OURS):
            continue
        for field in model._meta.get_fields(include_hidden=True):
            related = field.related_model
            if not field.is_relation or field.auto_created or not isinstance(related, type):
                continue
            yield Arrow(source, related._meta.app_config.name, f"{model._meta.label}.{field.name}")


@pytest.mark.parametrize(
    ("source", "target", "up"),
    [
        ("tenant_apps.identity", "tenant_apps.clients", False),
        ("tenant_apps.clients", "tenant_apps.identity", True),
        ("tenant_apps.clients", "tenant_apps.messaging", True),
        ("tenant_apps.pawn", "tenant_apps.savings", True),
        ("tenant_apps.pawn", "tenant_apps.pawn", False),
        ("tenants.policy", "tenant_apps.identity", True),
        ("tenant_apps.identity", "django.contrib.contenttypes", False),
    ],
)
def test_a_key_that_goes_up_is_told_from_one_that_goes_down(source: str, target: str, up: bool) -> None:
    assert goes_up(Arrow(source, target, "example")) is up


@pytest.mark.parametrize(
    ("source", "target", "leaves"),
    [
        ("tenant_apps.identity", "tenant_apps.clients", False),
        ("tenant_apps.identity", "tenants", True),
        ("tenants", "tenant_apps.identity", True),
        ("tenants", "tenants", False),
    ],
)
def test_a_key_that_leaves_its_schema_is_found(source: str, target: str, leaves: bool) -> None:
    arrow = Arrow(source, target, "example")
    assert leaves_its_schema(arrow, shared=SHARED, of_a_caisse=OF_A_CAISSE) is leaves


def test_our_models_have_foreign_keys_to_look_at() -> None:
    assert list(arrows())


def test_every_foreign_key_goes_down_or_stays_at_home() -> None:
    refuse(str(arrow) for arrow in arrows() if goes_up(arrow))


def test_no_foreign_key_leaves_its_schema() -> None:
    installed = {"shared": settings.SHARED_APPS, "of_a_caisse": settings.TENANT_APPS}
    refuse(str(arrow) for arrow in arrows() if leaves_its_schema(arrow, **installed))
