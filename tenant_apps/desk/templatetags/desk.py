"""What the menu of the counter counts."""

from django import template

from tenant_apps.payments.selectors import count_held

register = template.Library()


@register.simple_tag
def sums_held() -> int:
    """Paid by card and waiting for the agency. One query, of an index that holds nothing else."""
    return count_held()
