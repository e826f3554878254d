"""The identifiers that a policy gives as examples, and what its format makes of each."""

from dataclasses import dataclass

from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of
from tenants.policy.typography import NARROW


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody may type; `normal` is None when it is refused, and `reason` then says why, in French."""

    typed: str
    normal: str | None
    reason: str = ""

    def __str__(self) -> str:
        # Somebody may type what a terminal would obey.
        shown = self.typed if self.typed.isprintable() else repr(self.typed)[1:-1]
        verdict = f"accepté → {self.normal}" if self.normal is not None else f"refusé → {self.reason}"
        return f"«{NARROW}{shown}{NARROW}»{NARROW}: {verdict}"


def judged_examples(policy: Policy) -> list[Example]:
    """In the order of the policy. Nobody signs in at the front door."""
    identifier = policy.identifier
    if policy.caisse.kind == "front" or identifier.min_length > identifier.max_length:
        return []
    rules = format_of(identifier)
    found = []
    for typed in (*identifier.examples_accepted, *identifier.examples_refused):
        try:
            found.append(Example(typed, rules.normalise(typed)))
        except IdentifierRefused as refused:
            found.append(Example(typed, None, str(refused)))
    return found
