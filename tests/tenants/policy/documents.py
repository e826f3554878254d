"""Policies to try things on: a plain caisse, and the five portals of the field as overrides."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tenants.policy.checks import run_checks
from tenants.policy.document import Policy
from tenants.policy.inheritance import overlay
from tenants.policy.stored import parse_stored

CAISSE = {"schema_name": "lune", "name": "Caisse de la Lune", "town": "Lune", "domains": ["lune.localhost"]}
PLAIN: dict[str, Any] = {"caisse": CAISSE, "identifier": {"examples_accepted": ["123 456"]}}


def document(over: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A caisse that every check lets through, and what a test changes in it."""
    return overlay(PLAIN, over or {})


def policy(over: Mapping[str, Any] | None = None) -> Policy:
    return parse_stored(document(over))


def levels(over: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Rule to level."""
    return {finding.rule: finding.level for finding in run_checks(policy(over))}


def at(path: str, value: Any) -> dict[str, Any]:
    """`at("lockout.wait", "5 min")` is the override of that one value."""
    key, _, rest = path.partition(".")
    return {key: at(rest, value) if rest else value}


_PERSON = {"caisse": CAISSE}
NIMES: dict[str, Any] = _PERSON | {
    "products": ["pawn_loans", "payments", "documents", "appointments"],
    "identifier": {
        "kind": "digits",
        "min_length": 10,
        "max_length": 11,
        "examples_accepted": ["10 4399 2017"],
        "examples_refused": ["65"],
    },
    "secret": {"password": {"min_length": 12, "min_special": 1}},
    "second_factor": {"methods": ["sms"], "required": True},
    "recovery": {
        "proofs": ["email_link"],
        "link_lifetime": "24 h",
        "identifier_asks": ["client_number", "birth_date", "contract_number"],
    },
    "activation": {
        "sends": ["email_identifier", "email_link"],
        "link_lifetime": "24 h",
        "asked_by_client": True,
    },
}
CCM_DIRECT: dict[str, Any] = _PERSON | {
    "products": ["savings", "transfers", "credits", "documents"],
    "identifier": {
        "kind": "digits",
        "min_length": 12,
        "max_length": 12,
        "examples_accepted": ["501000000008"],
        "examples_refused": ["50100000000"],
    },
    "secret": {"password": {"min_length": 8}},
    "second_factor": {"methods": ["totp", "sms"], "required": True, "blind": True},
    "lockout": {"max_failures": 5, "wait": "none", "until_agency": True, "shows_tries_left": True},
    "session": {"idle": "5 min"},
    "activation": {"sends": ["email_identifier", "sms_password"]},
}
PARIS: dict[str, Any] = _PERSON | {
    "products": ["pawn_loans"],
    "identifier": {"kind": "email_or_client_number"},
    "second_factor": {"methods": ["sms"]},
    "recovery": {
        "proofs": ["email_link", "sms_code"],
        "link_lifetime": "12 h",
        "code": {"length": 5, "alphabet": "letters_and_digits", "lifetime": "12 h"},
    },
}
CPMS: dict[str, Any] = {
    "products": ["member_space"],
    "caisse": CAISSE | {"body": "mutual"},
    "identifier": {"kind": "nir"},
    "secret": {"kind": "pin", "pin": {"length": 6}},
    "second_factor": {"methods": [], "required": False},
    "lockout": {"max_failures": 3, "wait": "1 min", "shows_tries_left": True, "daily_total": 12},
    "recovery": {"proofs": ["email_code"], "proofs_without_email": ["letter_code"]},
    "activation": {"sends": ["letter_code"]},
    "terms": {
        "version": "2026-11",
        "required": False,
        "text": {"fr": "Ce qui vaut ici.", "en": "What holds here."},
    },
}
SIGNED: dict[str, Any] = {
    "acceptances": [
        {
            "rule": "pin-alone",
            "signed_by": "Odile Ferrand, directrice",
            "on": "2026-10-05",
            "reason": "Blocage, total du jour et alerte compensent.",
        }
    ]
}

# What a text file may trip over: quotes, slashes, brackets, marks of several bytes.
_TEXT = st.text("aé0 '\"\\#=[]{}%,.«»’😀", max_size=20).map(lambda text: " ".join(text.split()))
_LINES = st.lists(_TEXT, max_size=3).map("\n".join).map(str.strip)
_NAMES = _TEXT.filter(bool)
_BOOLEAN = st.booleans()
_DURATION = st.sampled_from(["60 s", "5 min", "10 min", "1 h", "60 min"])
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "products": st.lists(st.sampled_from(["pawn_loans", "payments", "savings"]), unique=True),
    "caisse.listed": _BOOLEAN,
    "caisse.name": _NAMES,
    "secret.kind": st.sampled_from(["password", "pin"]),
    "secret.password.min_length": st.integers(8, 64),
    "second_factor.blind": _BOOLEAN,
    "second_factor.sms.lifetime": _DURATION,
    "lockout.wait": st.one_of(_DURATION, st.just("none")),
    "lockout.daily_total": st.integers(1, 1000),
    "identifier.label.fr": _LINES,
    "identifier.examples_accepted": st.lists(_TEXT, max_size=6),
    "session.idle": _DURATION,
    "terms.version": st.sampled_from(["none", "2026-11"]),
    "texts.address": _LINES,
    "texts.notice.fr": _LINES,
    "texts.notice.en": _LINES,
    "brand.accent": st.sampled_from(["none", "#B4430B"]),
    "acceptances": st.lists(st.just(SIGNED["acceptances"][0]), max_size=2),
}


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, Any]:
    """What a caisse may write: a few values anywhere, each of them valid."""
    written: dict[str, Any] = {"caisse": CAISSE}
    for path in draw(st.lists(st.sampled_from(sorted(_VALUES)), unique=True)):
        written = overlay(written, at(path, draw(_VALUES[path])))
    return written
