"""Whatever is sealed is registered: a column that the rotation of keys does not know would be lost with the old key."""

from django.apps import apps
from django.db.models import BinaryField

from tenants.keys.registry import sealed_columns

# What authenticators say openly; the demo's mailbox, which is in clear and in no real installation.
PUBLIC = {"identity.PasskeyDevice.credential_id", "demo.MailboxAttachment.content"}


def is_sealed(field: object) -> bool:
    return isinstance(field, BinaryField) and (field.name == "sealed" or field.name.endswith("_sealed"))


def test_every_sealed_column_is_registered() -> None:
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if is_sealed(field)
    }
    assert {"identity.User.identifier_sealed", "messaging.Message.sealed"} <= columns
    assert columns == {column.label for column in sealed_columns()}


def test_no_column_of_bytes_has_another_name() -> None:
    """What is sealed says so in its name."""
    others = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in {"tenants", "tenant_apps", "shared_apps"}
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and not is_sealed(field)
    }
    assert others == PUBLIC
