"""The page between a form and its answer, when robots may be at work."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from tenant_apps.identity.realms import CLIENTS, Realm, rules_of
from tenant_apps.identity.robots import WorkRefusedError, ask_work, done_work

Screen = Callable[..., HttpResponse]
TOKEN, ANSWER = "travail", "reponse"
_CSRF = "csrfmiddlewaretoken"
_PROVEN = "guichet_work_done"
# More than any of these forms holds.
_MOST = 8_000


def after_work(view: Screen) -> Screen:
    """The view gets the form that was sent first, as soon as the work is done. Forms that nobody suspects pass by."""

    @sensitive_post_parameters()
    @sensitive_variables("fields")
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and TOKEN in request.POST:
            token, answer = request.POST[TOKEN], request.POST.get(ANSWER, "")
            try:
                fields = done_work(token=token, answer=answer, form=request.path, now=timezone.now())
            except WorkRefusedError:
                # Sent twice, or too late: the form again, empty.
                return redirect(request.get_full_path())
            if not isinstance(fields, list):
                return _page(request, token=token, wait=fields, early=True)
            kept = QueryDict(mutable=True)
            for name, value in fields:
                kept.appendlist(name, value)
            request.POST = kept  # type: ignore[assignment]  # the form as it was sent
            setattr(request, _PROVEN, True)
        return view(request, *args, **kwargs)

    return guarded


def is_proven(request: HttpRequest) -> bool:
    return getattr(request, _PROVEN, False)


def show_work(request: HttpRequest, *, realm: Realm = CLIENTS) -> HttpResponse:
    """In place of the answer: the form goes on by itself once the device has done its work."""
    fields = [(name, value) for name, values in request.POST.lists() if name != _CSRF for value in values]
    if sum(len(name) + len(value) for name, value in fields) > _MOST:
        raise RequestDataTooBig
    wait = rules_of(realm).lockout.robots_wait
    work = ask_work(form=request.path, fields=fields, wait=wait, now=timezone.now())
    return _page(request, token=work.token, wait=wait, work=work)


def _page(request: HttpRequest, **context: object) -> HttpResponse:
    return render(request, "identity/robots.html", {**context, "action": request.get_full_path()})
