"""What a file of clients would change, compared with the files there are: a few queries for some hundreds of lines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Literal, TypeVar

from guichet.kernel.names import folded
from guichet.kernel.sealing import every_index
from tenant_apps.clients.models import Client
from tenant_apps.exchange.domain.table import Problem, Table
from tenant_apps.exchange.read_client import ClientLine, read_client
from tenant_apps.identity.models import User
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.selectors import login_index
from tenants.policy.document import Policy

T = TypeVar("T")
TOGETHER = 500
Kind = Literal["new", "changed", "same"]


@dataclass(slots=True)
class Plan:
    """`lines`: the good ones, in order. `kinds`: how many would be written anew, changed, or left alone."""

    lines: list[ClientLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)
    without_access: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A line beside what is there: the file of that number, its way in, and whose the identifier is."""

    client: Client | None
    user: User | None
    owner: User | None


def plan_clients(*, table: Table, policy: Policy, today: date) -> Plan:
    """Reads only. Every line that cannot be taken is among the problems, in the order of the file."""
    plan = Plan(problems=list(table.problems))
    for row in table.rows:
        read = read_client(row, policy=policy, today=today)
        if isinstance(read, ClientLine):
            plan.lines.append(read)
        else:
            plan.problems.extend(read)
    plan.problems.extend(_twice(plan.lines))
    for lines in batches(plan.lines, TOGETHER):
        standings = standings_of(lines)
        for line in lines:
            standing = standings[line.line]
            plan.problems.extend(against(line, standing))
            plan.kinds[kind_of(line, standing)] += 1
            plan.without_access += standing.user is None
    plan.problems.sort(key=lambda problem: problem.line)
    return plan


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, size)):
        yield some


def standings_of(lines: Sequence[ClientLine]) -> Mapping[int, Standing]:
    """By the number of the line. Two queries."""
    found = Client.objects.select_related("user").filter(number__in=[line.number for line in lines])
    clients = {client.number: client for client in found}
    indexes = {
        line.line: every_index(login_index(realm=CLIENTS, identifier=line.identifier)) for line in lines
    }
    users = User.objects.filter(login_index__in=[each for some in indexes.values() for each in some])
    owners = {user.login_index: user for user in users}
    return {
        line.line: Standing(
            client=(client := clients.get(line.number)),
            user=getattr(client, "user", None),
            owner=next((owners[each] for each in indexes[line.line] if each in owners), None),
        )
        for line in lines
    }


def against(line: ClientLine, standing: Standing) -> Iterator[Problem]:
    """Why the files there are do not let this line be taken."""
    if standing.client is not None:
        yield from _another_person(line, standing.client)
    if standing.owner is not None and (
        standing.client is None or standing.owner.client_id != standing.client.pk
    ):
        yield _problem(line, "un autre dossier a déjà cet identifiant", "identifiant" if line.given else "")
    elif line.given and standing.user is not None and standing.owner is None:
        why = "ce client se connecte avec un autre identifiant, qui ne change pas ainsi"
        yield _problem(line, why, "identifiant")


def _another_person(line: ClientLine, client: Client) -> Iterator[Problem]:
    """A number that was given on must not turn one person's file into another's."""
    if folded(f"{line.last_name} {line.first_name}") != client.folded_name:
        yield _problem(line, "le dossier de ce numéro porte un autre nom ou prénom", "nom")
    if line.birth_date and client.birth_date and line.birth_date != client.birth_date:
        yield _problem(line, "le dossier de ce numéro a une autre date", "date_naissance")


def kind_of(line: ClientLine, standing: Standing) -> Kind:
    client = standing.client
    if client is None:
        return "new"
    contact = (line.email or client.email, line.mobile or client.mobile) != (client.email, client.mobile)
    wanted = wanted_details(line, client)
    wanted["postal_lines"] = "\n".join(wanted["postal_lines"])
    return (
        "changed"
        if contact or any(getattr(client, name) != each for name, each in wanted.items())
        else "same"
    )


def wanted_details(line: ClientLine, client: Client) -> dict[str, Any]:
    """What the file is to say besides the e-mail and the mobile: what the line leaves empty stays."""
    address = line.address
    return {
        "title": client.title if line.title is None else line.title,
        "birth_date": client.birth_date or line.birth_date,
        "language": line.language or client.language,
        "postal_lines": address.postal_lines if address else tuple(client.postal_lines.splitlines()),
        "postcode": address.postcode if address else client.postcode,
        "town": address.town if address else client.town,
        "country": address.country if address else client.country,
    }


def _twice(lines: Sequence[ClientLine]) -> Iterator[Problem]:
    """The second line is the one that is told, with the first."""
    numbers: dict[str, int] = {}
    identifiers: dict[str, int] = {}
    for line in lines:
        if (first := numbers.setdefault(line.number, line.line)) != line.line:
            yield _problem(line, f"ce numéro est déjà à la ligne {first}", "numero_client")
        elif line.identifier and (first := identifiers.setdefault(line.identifier, line.line)) != line.line:
            yield _problem(
                line, f"l’identifiant est celui de la ligne {first}", "identifiant" if line.given else ""
            )


def _problem(line: ClientLine, why: str, column: str) -> Problem:
    return Problem(line.line, why, column, line.number)
