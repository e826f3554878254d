"""A PIN, typed on the scrambled keypad or in its twin, the plain field."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.domain.keypad import PositionsRefusedError
from tenant_apps.identity.keypads import DrawRefusedError, Keypad, draw_keypad, read_draw, spend_draw

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST = 64
_IGNORED = " \u00a0\u202f-."


def pin_field(
    *, label: "str | _StrPromise", autocomplete: str, required: "str | _StrPromise"
) -> forms.CharField:
    """The twin: a password manager can fill it, and it serves without JavaScript (WCAG 3.3.8, F109)."""
    return forms.CharField(
        label=label,
        # Empty, it is asked for by `typed_pin`, which first looks at the keypad.
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "inputmode": "numeric"}),
        error_messages={
            "required": required,
            "max_length": _("Ce code est trop long."),
            "null_characters_not_allowed": _("Ce code ne contient que des chiffres."),
        },
    )


class KeypadForm(forms.Form):
    """Mixed into a form that takes PINs: each field of `pins` has a display of its own.

    `step` is what the displays are for. With one PIN the keypad's inputs have no prefix, with several the field's name.
    """

    step = ""
    pins: tuple[str, ...] = ()
    # The display is spent by the service, after its brakes, and by this number.
    spent_by_service = False
    draw: str | None = None

    def __init__(self, *args: Any, length: int, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.length = length
        self.now = now

    def keypad_prefix(self, name: str) -> str:
        return f"{name}-" if len(self.pins) > 1 else ""

    def keypads(self) -> dict[str, Keypad]:
        """Drawn afresh, for the page about to be shown."""
        return {name: draw_keypad(step=self.step, length=self.length, now=self.now) for name in self.pins}

    def typed_pin(self, name: str) -> str:
        """The PIN, whichever way it was typed. Raises ValidationError."""
        pressed = str(self.data.get(f"{self.keypad_prefix(name)}positions", ""))
        pin = self._on_keypad(name, pressed) if pressed else self._typed(name)
        if len(pin) != self.length:
            raise ValidationError(
                _("Ce code a %(length)s chiffres. Vous en avez tapé %(given)s."),
                code="length",
                params={"length": self.length, "given": len(pin)},
            )
        return pin

    def _typed(self, name: str) -> str:
        pin = "".join(mark for mark in self.cleaned_data.get(name, "") if mark not in _IGNORED)
        if not pin:
            raise ValidationError(self.fields[name].error_messages["required"], code="required")
        if not (pin.isascii() and pin.isdigit()):
            raise ValidationError(_("Ce code ne contient que des chiffres."), code="characters")
        return pin

    def _on_keypad(self, name: str, pressed: str) -> str:
        token = str(self.data.get(f"{self.keypad_prefix(name)}draw", ""))
        try:
            read = read_draw(token=token, positions=pressed, step=self.step, now=self.now)
            if self.spent_by_service:
                self.draw = read.nonce
            else:
                spend_draw(nonce=read.nonce, now=self.now)
        except DrawRefusedError as error:
            raise drawn_before() from error
        except PositionsRefusedError as error:
            raise ValidationError(_("Tapez votre code sur le pavé."), code="positions") from error
        return read.digits


def drawn_before() -> ValidationError:
    return ValidationError(
        _("Ce pavé a déjà servi, ou il est resté ouvert trop longtemps. Tapez votre code sur le nouveau."),
        code="draw",
    )
