"""The reviewed file of answers: `matrix.toml`, and what it says of any one request."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("matrix.toml")
WHO = ("nobody", "half", "client", "staff", "operator")
READS, ACT, NEVER = ("GET", "HEAD"), "POST", ("PUT", "PATCH", "DELETE", "OPTIONS")
METHODS = (*READS, ACT, *NEVER)
# What the CSRF check lets through unseen (RFC 9110, 9.2.1).
SAFE = (*READS, "OPTIONS")
NOT_ALLOWED, NOT_FOUND, FOUND = "405", "404", "200"
# Before an answer that only the visitor's own object gets, as every 200 is.
OF_OWN = "own "


@dataclass(frozen=True, slots=True)
class Row:
    """What one address answers to each kind of visitor; None: the method is not answered."""

    reads: Mapping[str, str] | None
    acts: Mapping[str, str] | None
    queries: int
    while_suspended: bool
    anywhere: bool
    """Its objects are those of every host that has the address."""
    csrf: bool
    """False: what calls it has no cookie of ours, and proves who it is otherwise."""

    def answer(self, method: str, who: str, *, url: str, own: bool) -> str:
        """At the visitor's own caisse. `own` is false for an object that is not the visitor's."""
        groups = {ACT: self.acts, **dict.fromkeys(READS, self.reads)}
        group = groups.get(method)
        if group is None:
            return NOT_ALLOWED
        of_own, answer = group[who].startswith(OF_OWN), group[who].removeprefix(OF_OWN).replace("{url}", url)
        return NOT_FOUND if (of_own or answer == FOUND) and not own else answer

    def answer_elsewhere(self, method: str, *, url: str, has_object: bool, forbidden: str) -> str:
        """With the cookies of another host: nobody is known, no object is there, no CSRF pair is good."""
        if self.csrf and method not in SAFE:
            return forbidden
        return self.answer(method, "nobody", url=url, own=self.anywhere or not has_object)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole file."""

    trees: Mapping[str, Mapping[str, Row]]
    """Rows by path, by tree."""
    suspended: str
    unknown_host: str
    foreign_pair: str
    groups: frozenset[str]
    used: frozenset[str]


def read(text: str) -> Matrix:
    """Raises KeyError or TypeError when the file does not hold together."""
    raw = tomllib.loads(text)
    groups: dict[str, dict[str, str]] = {name: _group(given) for name, given in raw["answers"].items()}
    trees: dict[str, dict[str, Row]] = {}
    used: set[str] = set()
    for table in raw["routes"].values():
        for path, given in table["rows"].items():
            used |= {given[key] for key in ("reads", "acts") if key in given}
            for tree in table["trees"]:
                trees.setdefault(tree, {})[path] = _row(groups, **given)
    places = raw["places"]
    return Matrix(
        trees=trees,
        suspended=places["suspended"],
        unknown_host=places["unknown_host"],
        foreign_pair=places["foreign_pair"],
        groups=frozenset(groups),
        used=frozenset(used),
    )


def _group(given: Mapping[str, str]) -> dict[str, str]:
    """`others` stands for whoever is not named."""
    return {who: given[who] if who in given else given["others"] for who in WHO}


def _row(groups: Mapping[str, Mapping[str, str]], **given: Any) -> Row:
    reads, acts = given.pop("reads", None), given.pop("acts", None)
    queries, while_suspended = given.pop("queries"), given.pop("while_suspended", False)
    anywhere, csrf = given.pop("anywhere", False), given.pop("csrf", True)
    if given:
        raise TypeError(f"what is {sorted(given)} for?")
    return Row(
        reads=groups[reads] if reads else None,
        acts=groups[acts] if acts else None,
        queries=queries,
        while_suspended=while_suspended,
        anywhere=anywhere,
        csrf=csrf,
    )
