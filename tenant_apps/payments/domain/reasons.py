"""Why a captured sum could not serve, as codes of ours. A product has its own besides."""

# What stands in the place of all lines when another sum was captured than was asked.
OTHER_SUM = "other_sum"
# The one line of a second capture of the same order.
CAPTURED_TWICE = "captured_twice"
# What the bank of whoever paid has taken back of a held sum, whose rest served or went back.
BANK_TOOK = "bank_took"
# What of a price the agency took off while it was being paid.
SURPLUS = "surplus"
NO_ACT = frozenset({OTHER_SUM, CAPTURED_TWICE, BANK_TOOK, SURPLUS})
"""Kinds of lines, too, that no product knows: there is nothing to do with their sums but to give them back."""
REFUND_REFUSED = "refund_refused"
NOBODYS, SLIP = "unknown", "error"
