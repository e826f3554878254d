"""What identity does by the clock, what it says of a draft, what it counts and what its screens serve."""

from django.utils.translation import gettext_lazy as _

from guichet.web.freshness import register_ended
from tenant_apps.identity.activation_line import activation_line
from tenant_apps.identity.activation_registry import register_activation
from tenant_apps.identity.acts import register_act
from tenant_apps.identity.open_sessions import was_open
from tenant_apps.identity.recovery_line import recovery_line
from tenant_apps.identity.rehearse import rehearse_sign_ins
from tenant_apps.identity.selectors import (
    count_clients,
    count_clients_locked,
    count_clients_seen,
    last_sign_in,
)
from tenant_apps.identity.send_activation import send_activation
from tenant_apps.identity.standing_lines import register_line
from tenants.jobs.clock import each_night
from tenants.policy.rehearsal import register_rehearsal
from tenants.policy.served import YES, register_served
from tenants.reports.figures import RECENT, Figure, register_figure

each_night("identity.forget")
register_ended(was_open)
register_rehearsal(rehearse_sign_ins)
register_served("secret.kind", "password", "pin")
register_served("second_factor.methods", "sms", "totp", "pin", "passkey")
register_served("activation.sends", "email_identifier", "email_link", "sms_password", "letter_code")
register_served("activation.asked_by_client", YES)
register_served("terms.version", YES)
for act, words in (
    ("device.add_totp", _("relier une application d’authentification")),
    ("device.add_sms", _("recevoir des codes par SMS")),
    ("device.add_pin", _("choisir un nouveau code secret de seconde étape")),
    ("device.add_passkey", _("ajouter une clé d’accès")),
    ("device.remove_passkey", _("retirer une clé d’accès")),
    ("codes.renew", _("faire de nouveaux codes de secours")),
    ("device.remove_totp", _("retirer l’application d’authentification")),
    ("device.remove_sms", _("ne plus recevoir de codes par SMS")),
    ("device.remove_pin", _("retirer le code secret de seconde étape")),
):
    register_act(act, words)
register_served("recovery.proofs", "email_link", "email_code", "sms_code", "letter_code")
register_served("recovery.proofs_without_email", "sms_code", "letter_code")
register_served("recovery.identifier_asks", "client_number", "birth_date")
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
register_line(position=10, told=activation_line)
register_line(position=20, told=recovery_line)
