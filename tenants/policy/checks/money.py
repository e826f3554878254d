"""Where money moves: strong authentication as PSD2 understands it.

The law binds payment accounts, so the products that move one: transfers. The same is a house rule for
savings (CJEU C-191/17: an account that only a reference account feeds is no payment account) and, for
factors and failures, for card payments, whose strong authentication is the card issuer's.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy
from tenants.policy.durations import write_duration

RTS = "règlement délégué (UE) 2018/389"
POSSESSION = frozenset({"sms", "totp", "passkey"})
"""What is received on, computed or signed by a thing that the client holds. A PIN is knowledge, like a password."""

_MOST_FAILURES = 5
_LONGEST_IDLE = timedelta(minutes=5)


class _Demand(NamedTuple):
    """The same demand, as law or as house rule."""

    law: Rule
    house: Rule

    def on(self, policy: Policy) -> Rule:
        return self.law if "transfers" in policy.products else self.house


def _demand(name: str, article: str) -> _Demand:
    return _Demand(
        Rule(f"rts-{name}", "law", f"{RTS}, {article}"),
        Rule(name, "house", f"{HOUSE}, d’après le {RTS}, {article}"),
    )


_TWO_FACTORS = _demand("two-factors", "art. 4(1)")
_FAILURES = _demand("failures", "art. 4(3)(b)")
_BLIND = _demand("blind", "art. 4(3)(a)")
_IDLE = _demand("idle", "art. 4(3)(d)")
_ALERT = _demand("alert", "art. 4(4)")
_TRUSTED = _demand("trusted-device", "art. 4(1)")

RULES = tuple(rule for pair in (_TWO_FACTORS, _FAILURES, _BLIND, _IDLE, _ALERT, _TRUSTED) for rule in pair)


def moves_money(policy: Policy) -> bool:
    return not {"payments", "savings", "transfers"}.isdisjoint(policy.products)


def holds_accounts(policy: Policy) -> bool:
    return not {"savings", "transfers"}.isdisjoint(policy.products)


def proves_possession(policy: Policy) -> bool:
    """Whether every sign-in shows something that the client holds, besides the secret."""
    factor = policy.second_factor
    return factor.required and bool(factor.methods) and POSSESSION.issuperset(factor.methods)


def find(policy: Policy) -> Iterator[Finding]:
    if moves_money(policy):
        yield from _authentication(policy)
    if holds_accounts(policy):
        yield from _accounts(policy)


def _authentication(policy: Policy) -> Iterator[Finding]:
    if not proves_possession(policy):
        path = "second_factor.methods" if policy.second_factor.required else "second_factor.required"
        yield _TWO_FACTORS.on(policy).error(
            path,
            "de l’argent bouge : la connexion doit toujours demander deux facteurs indépendants, le secret"
            " et un code reçu, ou une réponse calculée par un appareil (SMS, application, clé d’accès). Deux secrets ne"
            " font qu’un facteur.",
        )
    if policy.lockout.max_failures > _MOST_FAILURES:
        yield _FAILURES.on(policy).error(
            "lockout.max_failures", f"de l’argent bouge : {_MOST_FAILURES} échecs de suite au plus"
        )
    if policy.second_factor.trusted_days:
        yield _TRUSTED.on(policy).error(
            "second_factor.trusted_days",
            "de l’argent bouge : la seconde étape vient à chaque connexion, sur tout appareil ; mettez 0",
        )


def _accounts(policy: Policy) -> Iterator[Finding]:
    if not policy.second_factor.blind:
        yield _BLIND.on(policy).error(
            "second_factor.blind",
            "un compte est accessible : après un échec, rien ne doit dire quel élément était faux ;"
            " rendez la seconde étape aveugle",
        )
    if policy.session.idle > _LONGEST_IDLE:
        yield _IDLE.on(policy).error(
            "session.idle",
            f"un compte est accessible : {write_duration(_LONGEST_IDLE)} d’inactivité au plus",
        )
    if not policy.lockout.shows_tries_left:
        yield _ALERT.on(policy).error(
            "lockout.shows_tries_left",
            "un compte est accessible : le client doit être averti avant que seule l’agence puisse débloquer",
        )
