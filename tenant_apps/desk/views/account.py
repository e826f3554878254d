"""What the acts on an account share."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from tenant_apps.desk.selectors import Account, NoSuchClientError, account_of


def account_or_404(uuid: UUID) -> Account:
    """A file without a way in has nothing to act upon."""
    try:
        return account_of(uuid=uuid)
    except NoSuchClientError as error:
        raise Http404 from error


def posted(request: HttpRequest) -> QueryDict | None:
    """A POST without a single field is a form to mend, not a first look at it."""
    return request.POST if request.method == "POST" else None


def back_to_file(account: Account, *, done: str) -> HttpResponse:
    """`done`: a code of `wording.DONE`."""
    return redirect(f"{reverse('desk_client', args=[account.client.uuid])}?fait={done}")
