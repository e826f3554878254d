"""A page that shows answers again, before an act or because they are to be mended: at an address of their own.

Back, reload and a duplicated tab then ask for that address, and never for a sending to be repeated. The address names
the answers and says nothing of them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from tenant_apps.desk.drafts import DraftTooLongError, answers_in, draft_done, draft_of, keep_draft
from tenant_apps.identity.access import signed_in

# The buttons of the page that shows the answers again.
CONFIRM, EDIT = "confirm", "edit"
DRAFT, LOST = "reponses", "perdues"
# In answers that are shown again: why the act was not done.
REFUSED = "refus"
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
View = Callable[..., HttpResponse]


class ShownAgain(HttpResponseRedirect):
    """To answers that are still to be confirmed: no act was done."""


def with_check(view: View) -> View:
    """`view` is told `answers`: those to show again, those to act upon where they hold CONFIRM, or None.

    It redirects once the act is done. A page instead is made again at the address of its answers: it has to come out of
    them alone, but for their CONFIRM. One that files came with is answered in place, since no draft keeps a file.
    """

    @wraps(view)
    def checked(request: HttpRequest, **where: Any) -> HttpResponse:
        if request.method != "POST":
            return _shown(request, view, where)
        response = view(request, answers=request.POST, **where)
        if isinstance(response, ShownAgain):
            return response
        if isinstance(response, HttpResponseRedirect):
            _note(request, response)
        elif not request.FILES:
            return show_again(request)
        return response

    return checked


def _shown(request: HttpRequest, view: View, where: dict[str, Any]) -> HttpResponse:
    if DRAFT not in request.GET:
        return view(request, answers=None, **where)
    name = _named(request)
    draft = draft_of(uuid=name, **_whose(request), now=timezone.now()) if name else None
    if draft is None:
        return redirect(f"{request.path}?{LOST}=1")
    if draft.led_to:
        return redirect(draft.led_to)
    return view(request, answers=answers_in(draft=draft), **where)


def show_again(request: HttpRequest, **more: str) -> HttpResponse:
    """What was sent, and what the page adds to it, at an address of its own; no file of it."""
    answers = request.POST.copy()
    for name in (_TOKEN, CONFIRM, REFUSED):
        answers.pop(name, None)
    for name, value in more.items():
        answers[name] = value
    try:
        kept = keep_draft(answers=answers, **_whose(request), now=timezone.now())
    except DraftTooLongError as error:
        raise RequestDataTooBig from error
    return ShownAgain(f"{request.path}?{DRAFT}={kept}")


def _note(request: HttpRequest, response: HttpResponseRedirect) -> None:
    """Where Back leads from now on."""
    if name := _named(request):
        draft_done(uuid=name, **_whose(request), led_to=response.url)


def _whose(request: HttpRequest) -> dict[str, Any]:
    return {"by": signed_in(request).uuid, "page": request.path}


def _named(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get(DRAFT, ""))
    except ValueError:
        return None


def answers_of(request: HttpRequest, *, page: str) -> QueryDict | None:
    """Those that the address names, which somebody gave on that page; None where they are gone, or were acted upon."""
    name, by = _named(request), signed_in(request).uuid
    draft = draft_of(uuid=name, by=by, page=page, now=timezone.now()) if name else None
    return answers_in(draft=draft) if draft and not draft.led_to else None


def sent_well(request: HttpRequest, form: Form) -> bool:
    """Whether to act: the same answers that are only shown again change nothing."""
    return form.is_valid() and request.method == "POST"


def show_refused(request: HttpRequest, words: str) -> HttpResponse:
    """What was sent, and why it was refused, at an address of its own."""
    return show_again(request, **{REFUSED: words})


def add_refusal(form: Form, answers: QueryDict | None, *, field: str | None = None) -> None:
    """Of what `show_refused` shows again."""
    if answers is not None and REFUSED in answers:
        form.add_error(field, answers.get(REFUSED, ""))


def is_lost(request: HttpRequest) -> bool:
    """Whether the answers that were asked for are not there any more."""
    return LOST in request.GET


def to_confirm(answers: QueryDict | None) -> bool:
    return answers is not None and CONFIRM in answers


def to_edit(answers: QueryDict | None) -> bool:
    return answers is not None and EDIT in answers
