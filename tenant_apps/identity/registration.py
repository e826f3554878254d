"""What identity does by the clock, what it says of a draft, what it counts and what its screens serve."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.identity import new_key
from tenant_apps.identity.activation_registry import register_activation
from tenant_apps.identity.models import TotpDevice, User, totp_purpose
from tenant_apps.identity.rehearse import rehearse_sign_ins
from tenant_apps.identity.selectors import (
    count_clients,
    count_clients_locked,
    count_clients_seen,
    last_sign_in,
)
from tenant_apps.identity.send_activation import send_activation
from tenants.jobs.clock import each_night
from tenants.keys.registry import (
    Lapsing,
    Lingering,
    SealedColumn,
    register_lapsing,
    register_lingering,
    register_sealed,
)
from tenants.policy.rehearsal import register_rehearsal
from tenants.policy.served import YES, register_served
from tenants.reports.figures import RECENT, Figure, register_figure

each_night("identity.forget")
register_rehearsal(rehearse_sign_ins)
register_served("secret.kind", "password", "pin")
register_served("second_factor.methods", "sms", "totp", "pin")
register_served("activation.sends", "email_identifier", "email_link", "sms_password", "letter_code")
register_served("activation.asked_by_client", YES)
for figure in (
    Figure(
        name="clients",
        label=_("Clients qui peuvent se connecter"),
        column=_("Clients"),
        position=10,
        of=lambda _now: count_clients(),
    ),
    Figure(
        name="clients_seen",
        label=_("Clients connectés récemment"),
        column=_("Vus récemment"),
        position=20,
        of=lambda now: count_clients_seen(since=now - RECENT),
    ),
    Figure(
        name="clients_locked",
        label=_("Comptes bloqués, que seule l’agence peut débloquer"),
        column=_("Bloqués"),
        position=30,
        of=lambda _now: count_clients_locked(),
    ),
    Figure(
        name="last_sign_in",
        label=_("Dernière connexion"),
        column=_("Dernière connexion"),
        position=60,
        of=lambda _now: last_sign_in(),
    ),
):
    register_figure(figure)
register_activation(send_activation)
register_sealed(
    SealedColumn(model=User, column="identifier_sealed", purpose="identifier", also=new_key.reindex)
)
register_sealed(
    SealedColumn(model=TotpDevice, column="key_sealed", purpose=lambda row: totp_purpose(row.user_id))
)
register_lingering(
    Lingering(label=_("codes secrets hachés avec l’ancienne clé"), count=new_key.count_old_peppers)
)
register_lapsing(Lapsing(label=_("liens et codes déjà envoyés"), longest=new_key.longest_code))
