"""The words of a message: one template per kind, in the caisse's theme."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from guichet.tenancy.connection import connection
from guichet.web.own_address import own_address
from tenant_apps.messaging.dark_mail import dark_rules
from tenant_apps.messaging.letter import Letter
from tenants.brand import load_theme, palettes
from tenants.policy.current import current_policy
from tenants.policy.document import Policy

PURPOSE = "message"
"""What the words of a message are sealed for."""


def rendered(*, kind: str, channel: str, language: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """`{"text": …}` for an SMS, with the `letter` besides for a letter; `{"subject": …, "text": …, "html": …}` for a
    mail. The context of a letter has a `recipient` (lines), `today` and, when it brings one, a `code` and a `page`.
    """
    policy = current_policy()
    full = {**context, "caisse": connection.tenant, "policy": policy}
    with override(language):
        if channel == "sms":
            return {"text": render_to_string(f"messages/{kind}/sms.txt", full).strip()}
        if channel == "letter":
            letter = _letter(kind, full)
            return {"text": letter.text, "letter": letter.kept()}
        full["mail"] = {
            **_colours(policy),
            "name": policy.senders.mail_from_name,
            "portal": own_address("/"),
        }
        subject = " ".join(render_to_string(f"messages/{kind}/subject.txt", full).split())
        return {
            "subject": subject,
            "text": render_to_string(f"messages/{kind}/body.txt", full).strip(),
            "html": render_to_string(f"messages/{kind}/body.html", full),
        }


def _letter(kind: str, full: Mapping[str, Any]) -> Letter:
    def lines(name: str) -> tuple[str, ...]:
        return tuple(line for line in render_to_string(name, dict(full)).splitlines() if line.strip())

    return Letter(
        sender=lines("messaging/letter/sender.txt"),
        recipient=tuple(full["recipient"]),
        dated=" ".join(lines("messaging/letter/dated.txt")),
        body=render_to_string(f"messages/{kind}/letter.txt", dict(full)).strip(),
        code=full.get("code", ""),
        page=full.get("page", ""),
    )


def _colours(policy: Policy) -> dict[str, str]:
    """The light scheme, and `dark`: what a program that knows schemes puts over it. Others do their own darkening."""
    light, dark = palettes(load_theme(policy.brand.theme), policy.brand.overrides)
    tokens = {name.replace("-", "_"): str(colour) for name, colour in light.items()}
    return {**tokens, "dark": dark_rules(light, dark)}
