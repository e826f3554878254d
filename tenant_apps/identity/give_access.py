"""A client's first contract, their registration or a file that is imported gives them a way in."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import IdentifierTakenError, open_account
from tenant_apps.identity.people import user_of_client
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.send_activation import CannotSendActivationError, send_activation
from tenant_apps.journal.record import record
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of
from tenants.policy.sections.identifier import (
    ClientNumberIdentifier,
    DigitsIdentifier,
    EmailIdentifier,
    EmailOrClientNumberIdentifier,
)

SENT, ACTIVATED, NO_IDENTIFIER = "sent", "activated", "no_identifier"
# Why, for the journal.
FIRST_CONTRACT, REGISTERED = "first_contract", "registered"
GIVEN = "account.given"
TRIES = 20


@transaction.atomic
def give_access(*, client: Client, by: UUID, reason: str, now: datetime, identifier: str = "") -> str:
    """`sent`; or why nothing was: « activated » already, « no_identifier », or what `send_activation` says.

    `identifier`: in its normal form, where the file does not hold it. Raises IdentifierTakenError.
    """
    user = user_of_client(uuid=client.uuid) or open_access(client=client, identifier=identifier, now=now)
    if user is None:
        return NO_IDENTIFIER
    if user.is_activated:
        return ACTIVATED
    try:
        send_activation(user=user, now=now, by=by, reason=reason)
    except CannotSendActivationError as error:
        return error.why
    return SENT


@transaction.atomic
def give_asked_access(
    *, client: Client, identifier: str, document: str, reason: str, by: UUID, now: datetime
) -> str:
    """To somebody who came to the agency with that document. As `give_access`, whose answers are its own."""
    said = give_access(client=client, by=by, reason=reason, now=now, identifier=identifier)
    if (user := user_of_client(uuid=client.uuid)) is not None:
        record(kind=GIVEN, at=now, subject=str(user.uuid), by=str(by), document=document, reason=reason)
    return said


def open_access(*, client: Client, now: datetime, identifier: str = "") -> User | None:
    """An account that waits for its secret. None: the file does not hold what this caisse's clients sign in by.

    Raises IdentifierTakenError.
    """
    policy = rules_of(CLIENTS)
    if identifier:
        return _opened(client, identifier, policy, now)
    if isinstance(policy.identifier, DigitsIdentifier):
        return _with_one_of_the_caisse(client, policy, policy.identifier.min_length, now)
    found = identifier_in_file(email=client.email, number=client.number, policy=policy)
    return _opened(client, found, policy, now) if found else None


def identifier_in_file(*, email: str, number: str, policy: Policy) -> str:
    """In its normal form; empty where the file has none."""
    match policy.identifier:
        case EmailIdentifier():
            written = email
        case EmailOrClientNumberIdentifier():
            written = email or number
        case ClientNumberIdentifier():
            written = number
        case _:
            return ""
    try:
        return format_of(policy.identifier).normalise(written)
    except IdentifierRefused:
        return ""


def _with_one_of_the_caisse(client: Client, policy: Policy, length: int, now: datetime) -> User | None:
    """An identifier that the caisse gives itself is tried until nobody has it."""
    for _ in range(TRIES):
        first, *others = (secrets.randbelow(9) + 1, *(secrets.randbelow(10) for _ in range(length - 1)))
        try:
            return _opened(client, "".join(map(str, (first, *others))), policy, now)
        except IdentifierTakenError:
            continue
    return None


def _opened(client: Client, identifier: str, policy: Policy, now: datetime) -> User:
    try:
        with transaction.atomic():
            return open_account(
                kind=User.Kind.CLIENT,
                identifier=identifier,
                secret=None,
                display_name=client.full_name,
                now=now,
                client=client,
                phone=client.mobile if "sms" in policy.second_factor.methods else "",
            )
    except IntegrityError as error:
        # Somebody else was given it a moment ago, or this client another.
        raise IdentifierTakenError from error
