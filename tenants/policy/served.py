"""What a policy may name and this release may not serve yet: each application registers what its screens serve."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, get_args

from tenants.policy.document import Policy, Product
from tenants.policy.sections.second_factor import Method
from tenants.policy.sections.ways_in import Asked, Proof, Sent

YES = "yes"


class Way(NamedTuple):
    """One thing that the policy offers: a path in it, and what stands there. `str()`: `recovery.proofs.email_link`."""

    path: str
    value: str

    def __str__(self) -> str:
        return f"{self.path}.{self.value}"


class NoSuchWayError(ValueError):
    """No policy could name it: a slip of whoever registers."""


_KNOWN: Mapping[str, Collection[str]] = {
    "products": get_args(Product),
    "secret.kind": ("password", "pin"),
    "second_factor.methods": get_args(Method),
    "recovery.proofs": get_args(Proof),
    "recovery.proofs_without_email": get_args(Proof),
    "recovery.identifier_asks": get_args(Asked),
    "activation.sends": get_args(Sent),
    "activation.asked_by_client": (YES,),
    "terms.version": (YES,),
}
_served: set[Way] = set()


def register_served(path: str, *values: str) -> None:
    """Called by an application when it is ready: « my screens do what the policy calls so ». Raises NoSuchWayError."""
    for value in values:
        if value not in _KNOWN.get(path, ()):
            raise NoSuchWayError(f"{path} = {value!r}")
        _served.add(Way(path, value))


def unserved(policy: Policy) -> list[Way]:
    """What the policy names and nobody serves, in the order of the policy. Nobody signs in at the front door."""
    if policy.caisse.kind == "front":
        return []
    return [way for way in _named(policy) if way not in _served]


def _named(policy: Policy) -> Iterator[Way]:
    recovery, activation = policy.recovery, policy.activation
    lists: dict[str, Collection[str]] = {
        "products": policy.products,
        "secret.kind": (policy.secret.kind,),
        "second_factor.methods": policy.second_factor.methods,
        "recovery.proofs": recovery.proofs,
        "recovery.proofs_without_email": recovery.proofs_without_email,
        "recovery.identifier_asks": recovery.identifier_asks,
        "activation.sends": activation.sends,
        "activation.asked_by_client": (YES,) if activation.asked_by_client else (),
        "terms.version": (YES,) if policy.terms.version else (),
    }
    for path, values in lists.items():
        yield from (Way(path, value) for value in values)
