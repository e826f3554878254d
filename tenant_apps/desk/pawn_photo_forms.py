"""The photo of a pledged object, as a form takes it: cleaned at once, so that nothing else is ever kept."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guichet.web.uploads import MEGABYTE
from tenant_apps.pawn.pictures import MIME_TYPES, NotAPictureError, TooManyPointsError, cleaned
from tenant_apps.pawn.services.open_contract import Pledge
from tenants.policy.current import current_policy

_NO_PHOTO = _("Choisissez une photo.")
_NOT_A_PICTURE = _("Ce fichier n’est pas une photo lisible. Envoyez une image JPEG, PNG ou WebP.")
_TOO_LARGE = _("Cette image a trop de points pour être ouverte ici. Envoyez une photo plus petite.")


class PhotoField(forms.FileField):
    """The bytes of the picture as they will be kept; None where none was given."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        said = dict.fromkeys(("required", "missing", "invalid", "empty"), _NO_PHOTO)
        super().__init__(error_messages=said, **kwargs)
        self.widget.attrs["accept"] = ",".join(MIME_TYPES)

    def to_python(self, data: Any) -> Any:
        found = super().to_python(data)
        if found is None:
            return None
        megabytes = current_policy().pawn.photo_megabytes
        if found.size > megabytes * MEGABYTE or not getattr(found, "is_whole", False):
            raise ValidationError(_too_heavy(megabytes))
        try:
            return cleaned(found.read())
        except NotAPictureError as error:
            raise ValidationError(str(_NOT_A_PICTURE)) from error
        except TooManyPointsError as error:
            raise ValidationError(str(_TOO_LARGE)) from error

    def clean(self, data: Any, initial: Any = None) -> Any:
        return forms.Field.clean(self, data)


def _too_heavy(megabytes: int) -> str:
    return gettext("Cette photo est trop lourde : %(count)s Mo au plus.") % {"count": megabytes}


def photo_hint() -> str:
    said = gettext(
        "JPEG, PNG ou WebP, %(count)s Mo au plus. Le lieu et la date de la prise de vue ne sont pas gardés."
    )
    return said % {"count": current_policy().pawn.photo_megabytes}


class PhotoForm(forms.Form):
    """That of an object whose contract is signed."""

    photo = PhotoField(label=_("Nouvelle photo"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].help_text = photo_hint()


class FirstPhotoForm(forms.Form):
    """That of an object whose contract is about to be signed: it may come later."""

    photo = PhotoField(required=False)

    def __init__(self, *args: Any, described: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].label = gettext("Photo de l’objet : %(described)s") % {"described": described}

    @property
    def picture(self) -> bytes:
        """Of a valid form; nothing where it comes later."""
        return self.cleaned_data["photo"] or b""


def first_photo_forms(
    *, pledges: Sequence[Pledge], data: Any = None, files: Any = None
) -> list[FirstPhotoForm]:
    """One an object, in their order."""
    return [
        FirstPhotoForm(data, files, prefix=f"photo-{rank}", described=each.description)
        for rank, each in enumerate(pledges)
    ]
