"""What somebody shows at the counter to say who they are: a code in the journal, its words on screens and papers."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOCUMENTS: dict[str, Promise] = {
    "identity_card": _("Carte d’identité"),
    "passport": _("Passeport"),
    "residence_permit": _("Titre de séjour"),
    "driving_licence": _("Permis de conduire"),
}
