"""The acts of card payments. What a product calls: `open_basket`; the rest is for the screens and the worker."""

from tenant_apps.payments.services.quoting import Quote, QuoteLine, Wanted, open_basket
from tenant_apps.payments.services.start_payment import Started, start_payment

__all__ = ["Quote", "QuoteLine", "Started", "Wanted", "open_basket", "start_payment"]
