"""What each kind of module may do: views ask, services take keywords, the domain is told the time."""

import ast
import re
from collections.abc import Iterator

from tests.conventions.rule import Breach, rule
from tests.conventions.rules.calls import calls, last_name
from tests.conventions.tree import Source, packages

MANAGERS = {"objects", "_default_manager", "_base_manager"}
QUERIES = {"get_object_or_404", "get_list_or_404", "cursor", "get_or_create", "update_or_create"}
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate", "time", "monotonic"}


def is_kind(source: Source, *kinds: str) -> bool:
    """A module of that name, or any module of a package of that name."""
    return any(part in kinds for part in source.path.removesuffix(".py").split("/"))


@rule(
    over=packages,
    good=[
        ("tenant_apps/pawn/views.py", "contract = selectors.contract_of(client=client, reference=reference)"),
        ("tenant_apps/pawn/selectors.py", "Contract.objects.get(pk=1)"),
    ],
    bad=[
        ("tenant_apps/pawn/views.py", "Contract.objects.get(pk=1)"),
        ("tenant_apps/pawn/views/contract.py", "get_user_model().objects.filter(pk=1)"),
        ("tenant_apps/pawn/views.py", "get_object_or_404(Contract, pk=1)"),
        ("tenant_apps/pawn/views.py", "with connection.cursor() as cursor:\n    pass"),
    ],
)
def query_in_a_view(source: Source) -> Iterator[Breach]:
    """Selectors are the only door to a row: there the caisse, the owner and the state are asked for."""
    if not is_kind(source, "views"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield Breach(node.lineno, f".{node.attr} in a view: ask a selector")
    for call in calls(source.tree):
        if last_name(call.func) in QUERIES:
            yield Breach(call.lineno, f"{last_name(call.func)} in a view: ask a selector")


@rule(
    over=packages,
    good=[
        (
            "tenant_apps/pawn/services.py",
            "def renew(*, contract, today):\n    pass\ndef _sum(a, b):\n    pass",
        ),
        ("tenant_apps/pawn/services.py", "class Renewal:\n    def act(self, day):\n        pass"),
        ("tenant_apps/pawn/models.py", "def renew(contract):\n    pass"),
    ],
    bad=[
        ("tenant_apps/pawn/services.py", "def renew(contract, *, today):\n    pass"),
        ("tenant_apps/pawn/selectors/contracts.py", "async def contracts(client):\n    pass"),
    ],
)
def positional_argument(source: Source) -> Iterator[Breach]:
    """Services and selectors take keywords only: two amounts, or two people, are never swapped."""
    if not is_kind(source, "services", "selectors"):
        return
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        if node.args.args or node.args.posonlyargs:
            yield Breach(node.lineno, f"{node.name} takes an argument by its position", node.name)


@rule(
    over=packages,
    good=[("tenant_apps/pawn/domain/terms.py", "def is_late(*, due, today):\n    return due < today")],
    bad=[
        ("tenant_apps/pawn/domain/terms.py", "today = date.today()"),
        ("tenant_apps/pawn/domain.py", "timezone.now()"),
        ("platform/guichet/kernel/calendar.py", "datetime.datetime.now(tz=UTC)"),
    ],
)
def clock_in_the_domain(source: Source) -> Iterator[Breach]:
    """The date is an argument, so that a rule can be asked about any day."""
    if not (is_kind(source, "domain") or source.within("guichet.kernel")):
        return
    for call in calls(source.tree):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in CLOCKS:
            continue
        if re.fullmatch(r"(?:date|time)\w*", last_name(call.func.value)):
            yield Breach(call.lineno, f"{call.func.attr}(): the domain is told the time")
