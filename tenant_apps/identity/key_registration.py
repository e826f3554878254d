"""What of identity depends on the master key."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.key_upkeep import count_old_peppers, longest_code, reindex
from tenant_apps.identity.models import Confirmation, TotpDevice, User, totp_purpose
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
    SealedColumn(model=Confirmation, column="shown_sealed", purpose=lambda row: shown_purpose(row.user_id)),
):
    register_sealed(column)
register_lingering(Lingering(label=_("codes secrets hachés avec l’ancienne clé"), count=count_old_peppers))
register_lapsing(Lapsing(label=_("liens et codes déjà envoyés"), longest=longest_code))
