"""Add or remove one's own passkeys on « Ma sécurité », once that was confirmed."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tenant_apps.identity.access import signed_in
from tenant_apps.identity.acts import Act
from tenant_apps.identity.ceremonies import answer_of
from tenant_apps.identity.models import PasskeyDevice, User
from tenant_apps.identity.open_sessions import this_session
from tenant_apps.identity.own_devices import NotRemovableError
from tenant_apps.identity.own_passkeys import add_passkey, may_add, may_remove, remove_passkey
from tenant_apps.identity.passkeys import made_by, passkeys_of
from tenant_apps.identity.views.enrol_passkey import passkey_form, to_create
from tenant_apps.identity.views.own_devices import changed, confirmed, held_passkey
from tenant_apps.identity.views.own_space import own_page, own_rules, show
from tenant_apps.identity.views.second_step import wrong_passkey


@never_cache
@require_POST
@confirmed("device.add_passkey")
def device_passkey_options(request: HttpRequest, act: Act) -> HttpResponse:
    user = signed_in(request)
    if not may_add(user=user, policy=own_rules(user)):
        raise Http404
    return to_create(request, user=user, purpose=_purpose(act))


@never_cache
@sensitive_post_parameters("credential")
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed("device.add_passkey")
def device_passkey(request: HttpRequest, act: Act) -> HttpResponse:
    """A name for it, and a button: the browser does the rest."""
    now = timezone.now()
    form = passkey_form(request)
    if request.method == "POST" and form.is_valid():
        made = made_by(answer_of(request, purpose=_purpose(act), now=now))
        name = form.cleaned_data["name"]
        with this_session(request) as owner:
            after = add_passkey(user=owner, made=made, name=name, act=act, now=now) if made else None
            if after is not None:
                return changed(request, after, "moyen", losable=True)
        form.add_error(None, wrong_passkey())
    return show(request, "identity/security/passkey.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed("device.remove_passkey")
def passkey_remove(request: HttpRequest, act: Act) -> HttpResponse:
    """One more look, then it is gone."""
    user, rules = signed_in(request), own_rules(signed_in(request))
    device = own_passkey(user, held_passkey(request))
    if device is None or not may_remove(user=user, policy=rules):
        return own_page(request, "overview")
    if request.method == "POST":
        try:
            with this_session(request) as owner:
                after = remove_passkey(
                    user=owner, uuid=device.uuid, act=act, policy=rules, now=timezone.now()
                )
                return changed(request, after, "retire")
        except NotRemovableError:
            return own_page(request, "overview")
    return show(request, "identity/security/passkey_remove.html", {"device": device})


def own_passkey(user: User, uuid: UUID | None) -> PasskeyDevice | None:
    return next((each for each in passkeys_of(user=user) if each.uuid == uuid), None)


def _purpose(act: Act) -> str:
    return f"add:{act.form}"
