"""The door of every view to a contract: one's own, or none."""

from uuid import UUID

from django.http import Http404, HttpRequest

from tenant_apps.identity.access import signed_in_client
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.selectors import NoSuchContractError, contract_of


def contract_or_404(request: HttpRequest, uuid: UUID) -> Contract:
    try:
        return contract_of(client=signed_in_client(request), uuid=uuid)
    except NoSuchContractError as error:
        raise Http404 from error
