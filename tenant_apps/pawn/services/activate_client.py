"""A client's first contract gives them a way in, and what the first connection needs."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import IdentifierTakenError, open_account
from tenant_apps.identity.people import user_of_client
from tenant_apps.identity.realms import CLIENTS, rules_of
from tenant_apps.identity.send_activation import CannotSendActivationError, send_activation
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of
from tenants.policy.sections.identifier import (
    ClientNumberIdentifier,
    DigitsIdentifier,
    EmailIdentifier,
    EmailOrClientNumberIdentifier,
)

FIRST_CONTRACT = "first_contract"
SENT, ACTIVATED, NO_IDENTIFIER = "sent", "activated", "no_identifier"
TRIES = 20


def activate_client(*, client: Client, by: UUID, now: datetime) -> str:
    """`sent`; or why nothing was: « activated » already, « no_identifier », or what `send_activation` says."""
    user = user_of_client(uuid=client.uuid) or _with_an_account(client, now)
    if user is None:
        return NO_IDENTIFIER
    if user.is_activated:
        return ACTIVATED
    try:
        send_activation(user=user, now=now, by=by, reason=FIRST_CONTRACT)
    except CannotSendActivationError as error:
        return error.why
    return SENT


def _with_an_account(client: Client, now: datetime) -> User | None:
    """An identifier that the caisse gives itself is tried until nobody has it."""
    policy = rules_of(CLIENTS)
    for _ in range(TRIES):
        identifier = _identifier(client, policy)
        if identifier is None:
            return None
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
        except IdentifierTakenError:
            continue
    return None


def _identifier(client: Client, policy: Policy) -> str | None:
    """In its normal form; None where the file does not hold what this caisse's clients sign in by."""
    match policy.identifier:
        case DigitsIdentifier(min_length=length):
            written = str(secrets.randbelow(9) + 1) + "".join(
                str(secrets.randbelow(10)) for _ in range(length - 1)
            )
        case EmailIdentifier():
            written = client.email
        case EmailOrClientNumberIdentifier():
            written = client.email or client.number
        case ClientNumberIdentifier():
            written = client.number
        case _:
            return None
    try:
        return format_of(policy.identifier).normalise(written)
    except IdentifierRefused:
        return None
