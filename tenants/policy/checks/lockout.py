"""Whether a blocked account opens again, in exactly one way, and whether the brakes come in order."""

from collections.abc import Iterator
from datetime import timedelta

from tenants.policy.checks.finding import HOUSE, Finding, Rule
from tenants.policy.document import Policy

_OPENS = Rule("lockout-opens", "house", HOUSE)
_ORDER = Rule("lockout-order", "house", f"{HOUSE} : compte, adresse, total du jour")
_ROBOTS = Rule("lockout-robots", "house", f"{HOUSE} : le calcul vient avant le frein")
_RATE = Rule("lockout-rate", "house", f"{HOUSE} : freiner qui est patient, jamais qui partage son adresse")

RULES = (_OPENS, _ORDER, _ROBOTS, _RATE)
# Per address and day: 300 accounts of five tries each. And an agency's guests who mistype once in so long.
_TRIES_A_DAY, _SHARED = 1_500, timedelta(minutes=3)


def find(policy: Policy) -> Iterator[Finding]:
    yield from _opening(policy)
    yield from _order(policy)
    yield from _robots(policy)
    yield from _rate(policy)


def _opening(policy: Policy) -> Iterator[Finding]:
    lockout = policy.lockout
    if lockout.until_agency and lockout.wait is not None:
        yield _OPENS.error(
            "lockout.wait",
            "seule l’agence débloque : retirez l’attente, ou laissez le blocage finir de lui-même",
        )
    if not lockout.until_agency and lockout.wait is None:
        yield _OPENS.error(
            "lockout.wait",
            "rien ne suit le blocage : donnez une attente, ou laissez l’agence seule débloquer",
        )
    if lockout.wait is not None and lockout.forget_after < lockout.wait:
        yield _OPENS.error("lockout.forget_after", "les échecs seraient oubliés avant la fin de l’attente")
    if lockout.wait is not None and lockout.longest_wait < lockout.wait:
        yield _OPENS.warning(
            "lockout.longest_wait", "plus courte que la première attente, qui ne grandit pas"
        )


def _order(policy: Policy) -> Iterator[Finding]:
    lockout = policy.lockout
    if lockout.daily_total < lockout.max_failures:
        yield _ORDER.error("lockout.daily_total", "plus petit que le nombre d’échecs avant blocage")
    if lockout.address_max_failures < lockout.max_failures:
        yield _ORDER.error(
            "lockout.address_max_failures",
            "une adresse serait freinée avant un compte, alors qu’une famille ou une agence la partage",
        )
    if lockout.network_max_failures < lockout.address_max_failures:
        yield _ORDER.warning(
            "lockout.network_max_failures",
            "plus petit que pour une seule de ses adresses, dont le nombre vaut alors",
        )


def _robots(policy: Policy) -> Iterator[Finding]:
    lockout = policy.lockout
    if lockout.robots == "never":
        yield _ROBOTS.warning(
            "lockout.robots",
            "rien ne ralentit un robot avant le frein : demandez un calcul aux adresses suspectes",
        )
    elif lockout.robots == "suspicious" and lockout.robots_after >= lockout.address_max_failures:
        yield _ROBOTS.warning(
            "lockout.robots_after",
            "le frein de l’adresse vient avant le calcul : donnez un nombre plus petit",
        )


def _rate(policy: Policy) -> Iterator[Finding]:
    lockout = policy.lockout
    if lockout.address_tries_a_day > _TRIES_A_DAY:
        yield _RATE.warning(
            "lockout.address_forget_after",
            f"qui est patient ferait {lockout.address_tries_a_day} essais par jour depuis une seule adresse : "
            "donnez un temps plus long",
        )
    if lockout.address_forget_after / lockout.address_max_failures > _SHARED:
        yield _RATE.warning(
            "lockout.address_forget_after",
            f"un échec met plus de {_SHARED // timedelta(minutes=1)} minutes à s’oublier : une adresse que "
            "beaucoup partagent serait freinée ; donnez un temps plus court",
        )
