"""Calls that would carry something from one caisse to another: each has its one place, or none."""

import ast
import re
from collections.abc import Iterator

from tests.conventions.rule import Breach, rule
from tests.conventions.rules.packages import imports
from tests.conventions.tree import Source, packages, python

# These show what the forbidden calls do, or what the guards make of them.
DEMONSTRATIONS = ("tests/conventions/", "tests/isolation/", "tests/tenancy/")
SPEAKS_TO_THE_SERVER = ("guichet.tenancy", "tenants.provisioning", "guichet.embedded")
SESSION_SQL = re.compile(
    r"(?:^|;)\s*(?:SET\s+(?:LOCAL|SESSION|ROLE|search_path|AUTHORIZATION|CONSTRAINTS)\b|RESET\s+\w|ROLLBACK\b|BEGIN\b"
    r"|COMMIT\b|SAVEPOINT\s|RELEASE\s+SAVEPOINT|START\s+TRANSACTION|DISCARD\s)",
    re.IGNORECASE,
)
RUNS_SQL = {"execute", "executemany", "raw", "RunSQL", "RawSQL", "stream", "SQL", "extra"}


def last_name(node: ast.expr) -> str:
    """`connection.tenant` -> tenant; `caisse` -> caisse; anything else has no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


@rule(
    over=python,
    good=[
        ("a.py", "from django_tenants.utils import tenant_context\nwith tenant_context(caisse):\n    pass")
    ],
    bad=[
        ("a.py", "from django_tenants.utils import schema_context"),
        ("a.py", "from django_tenants import utils\nwith utils.schema_context('nimes'):\n    pass"),
    ],
)
def schema_context(source: Source) -> Iterator[Breach]:
    """It serves another caisse's cached template: the template cache cannot tell two such schemas apart."""
    if source.path.startswith(DEMONSTRATIONS):
        return
    for node in ast.walk(source.tree):
        named = (
            node.name
            if isinstance(node, ast.alias)
            else last_name(node)
            if isinstance(node, ast.expr)
            else ""
        )
        if named == "schema_context":
            yield Breach(getattr(node, "lineno", 1), "schema_context: use tenant_context")


@rule(
    over=python,
    good=[("a.py", "with tenant_context(tenant), lock:\n    pass")],
    bad=[("a.py", "with tenant:\n    pass"), ("a.py", "with connection.tenant as other_caisse:\n    pass")],
)
def with_tenant(source: Source) -> Iterator[Breach]:
    """A tenant used as a context manager keeps the previous one in a list shared by all threads."""
    if source.path.startswith(DEMONSTRATIONS):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.withitem) and re.search(
            r"(?:tenant|caisse)$", last_name(node.context_expr).lower()
        ):
            yield Breach(node.context_expr.lineno, "with tenant: use tenant_context(tenant)")


def is_deferred_field(call: ast.Call) -> bool:
    """A queryset's own .defer("field") is another thing."""
    named = [
        argument
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    return bool(named) and len(named) == len(call.args) and not call.keywords


@rule(
    over=python,
    good=[
        ("tenant_apps/messaging/services.py", "enqueue(send_message, message_id=1)"),
        ("tenant_apps/messaging/selectors.py", "Message.objects.defer('body', 'subject')"),
        ("platform/guichet/tenancy/enqueue.py", "task.defer(tenant='nimes')"),
    ],
    bad=[
        ("tenant_apps/messaging/services.py", "send_message.defer(message_id=1)"),
        ("tenant_apps/messaging/services.py", "send_message.defer()"),
        ("tenant_apps/messaging/services.py", "send_message.configure(lock='a').defer(message_id=1)"),
        ("tenant_apps/messaging/services.py", "send_message.batch_defer({'message_id': 1})"),
        ("tenant_apps/messaging/services.py", "await send_message.defer_async(message_id=1)"),
    ],
)
def task_defer(source: Source) -> Iterator[Breach]:
    """In a worker it leaves by another connection: the job would outlive a rollback, and carry no tenant."""
    if source.module == "guichet.tenancy.enqueue" or source.path.startswith(DEMONSTRATIONS):
        return
    for call in calls(source.tree):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        own = name in {"defer_async", "batch_defer", "batch_defer_async"}
        if own or (name == "defer" and not is_deferred_field(call)):
            yield Breach(call.lineno, f".{name}(): use guichet.tenancy.enqueue.enqueue")


def literal_text(node: ast.expr) -> str:
    """The constant text of an expression; what an f-string fills in is left blank."""
    parts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return " ".join(part for part in parts if isinstance(part, str))


@rule(
    over=packages,
    good=[
        ("tenants/policy/selectors.py", "cursor.execute('SELECT set_at FROM rollbacks')"),
        ("tenants/policy/selectors.py", "cursor.execute('UPDATE tenants_caisse SET state = %s', [state])"),
        ("platform/guichet/tenancy/backend/base.py", "cursor.execute('SET LOCAL ROLE guichet_owner')"),
    ],
    bad=[
        ("tenants/models.py", "cursor.execute('SET search_path = nimes')"),
        ("tenants/models.py", "cursor.execute(f'set role {role}')"),
        ("tenants/models.py", "cursor.execute('SELECT 1; RESET ROLE')"),
        ("tenants/models.py", "cursor.execute(sql.SQL('ROLLBACK'))"),
        ("tenants/models.py", "Caisse.objects.raw('BEGIN')"),
    ],
)
def session_sql(source: Source) -> Iterator[Breach]:
    """Python would go on believing in the caisse that the database has left."""
    if source.within(*SPEAKS_TO_THE_SERVER):
        return
    for call in calls(source.tree):
        if last_name(call.func) in RUNS_SQL and any(
            SESSION_SQL.search(literal_text(word)) for word in call.args
        ):
            yield Breach(
                call.lineno,
                "SET, RESET, BEGIN, ROLLBACK: only guichet.tenancy speaks of session and transaction",
            )


@rule(
    over=packages,
    good=[
        ("tenants/models.py", "connection.tenant"),
        ("tenants/models.py", "with connection.cursor() as cursor:\n    pass"),
    ],
    bad=[
        ("tenants/models.py", "connection.connection.cursor()"),
        ("tenants/models.py", "connections['default'].connection"),
        ("tenants/models.py", "self.connection.connection.execute('SELECT 1')"),
    ],
)
def raw_connection(source: Source) -> Iterator[Breach]:
    """The driver's own connection knows nothing of the caisse."""
    if source.within(*SPEAKS_TO_THE_SERVER):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Attribute) or node.attr != "connection":
            continue
        owner = node.value.value if isinstance(node.value, ast.Subscript) else node.value
        if last_name(owner) in {"connection", "connections"}:
            yield Breach(node.lineno, "connection.connection: go through django.db")


@rule(
    over=packages,
    good=[
        ("tenants/models.py", "from django.db import connection"),
        ("tenants/provisioning/bootstrap.py", "import psycopg"),
        ("platform/guichet/tenancy/backend/base.py", "from psycopg import errors"),
    ],
    bad=[
        ("tenants/models.py", "import psycopg"),
        ("tenant_apps/pawn/services.py", "from psycopg.types.json import Json"),
    ],
)
def raw_driver(source: Source) -> Iterator[Breach]:
    if source.within(*SPEAKS_TO_THE_SERVER):
        return
    for line, module in imports(source.tree):
        if module.partition(".")[0] in {"psycopg", "psycopg_pool"}:
            yield Breach(line, f"imports {module}: a connection of one's own has no role of a caisse")
