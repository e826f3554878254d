"""What of identity depends on the master key."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.key_upkeep import count_old_peppers, count_old_recovery_codes, longest_code, reindex
from tenant_apps.identity.models import Confirmation, PasskeyDevice, TotpDevice, User, totp_purpose
from tenant_apps.identity.step_up import shown_purpose
from tenants.keys.registry import (
    Lapsing,
    Lingering,
    SealedColumn,
    register_lapsing,
    register_lingering,
    register_sealed,
)

for column in (
    SealedColumn(model=User, column="identifier_sealed", purpose="identifier", also=reindex),
    SealedColumn(model=TotpDevice, column="key_sealed", purpose=lambda row: totp_purpose(row.user_id)),
    SealedColumn(model=PasskeyDevice, column="key_sealed", purpose=lambda row: row.purpose),
    SealedColumn(model=Confirmation, column="shown_sealed", purpose=lambda row: shown_purpose(row.user_id)),
):
    register_sealed(column)
for lingering in (
    Lingering(
        label=_("codes secrets hachés avec l’ancienne clé"),
        until=_("renouvelés quand la personne se connecte"),
        count=count_old_peppers,
    ),
    Lingering(
        label=_("codes de secours faits avec l’ancienne clé"),
        until=_("à refaire par la personne, dans sa page de sécurité"),
        count=count_old_recovery_codes,
    ),
):
    register_lingering(lingering)
register_lapsing(Lapsing(label=_("liens et codes déjà envoyés"), longest=longest_code))
