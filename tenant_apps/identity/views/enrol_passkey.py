"""A passkey as the second factor that a person chooses at the first sign-in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tenant_apps.identity.browsers import device_words, words_in
from tenant_apps.identity.ceremonies import answer_of, draw_challenge, relying_party
from tenant_apps.identity.enrol import enrol_passkey
from tenant_apps.identity.forms.passkey import PasskeyForm
from tenant_apps.identity.models import User
from tenant_apps.identity.passkeys import creation_options, made_by
from tenant_apps.identity.stage import WHO
from tenant_apps.identity.stages import EnrolmentStage
from tenant_apps.identity.views.enrolment import account_name, enrolling, enrolment_context
from tenant_apps.identity.views.second_step import wrong_passkey
from tenant_apps.identity.views.sign_in import posted


@never_cache
@require_POST
@enrolling("passkey")
def passkey_options(request: HttpRequest, stage: EnrolmentStage, user: User) -> JsonResponse:
    return to_create(request, user=user, purpose=_purpose(stage))


@never_cache
@sensitive_post_parameters("credential")
@require_http_methods(["GET", "HEAD", "POST"])
@enrolling("passkey")
def passkey(request: HttpRequest, stage: EnrolmentStage, user: User) -> HttpResponse:
    """What it is, a name for it, and a button: the browser does the rest."""
    form, now = passkey_form(request), timezone.now()
    if request.method == "POST" and form.is_valid():
        made = made_by(answer_of(request, purpose=_purpose(stage), now=now))
        name = form.cleaned_data["name"]
        device = enrol_passkey(user=user, made=made, name=name, first=True, now=now) if made else None
        if device is not None:
            return stage.enrolled(device)
        form.add_error(None, wrong_passkey())
    return render(request, "identity/enrolment/passkey.html", {**enrolment_context(stage), "form": form})


def to_create(request: HttpRequest, *, user: User, purpose: str) -> JsonResponse:
    """For `navigator.credentials.create`."""
    challenge = draw_challenge(request.session, purpose=purpose, now=timezone.now())
    party = relying_party(request)
    return JsonResponse(
        creation_options(user=user, name=account_name(user), challenge=challenge, party=party)
    )


def passkey_form(request: HttpRequest) -> PasskeyForm:
    """The name on offer is that of the browser, such as « Firefox sur Android »."""
    browser, system = words_in(request.headers.get("User-Agent", ""))
    known = device_words(browser, system) if browser or system else ""
    return PasskeyForm(posted(request), initial={"name": known})


def _purpose(stage: EnrolmentStage) -> str:
    """Of this half-finished sign-in: what names who it is was sealed for it alone."""
    return f"enrolment:{stage.login.state[WHO]}"
