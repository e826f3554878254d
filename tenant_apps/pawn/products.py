"""The product of this application: its screens exist only where it is offered."""

from typing import Final

from guichet.web.offered import where_offered

PRODUCT: Final = "pawn_loans"
with_product = where_offered(PRODUCT)
