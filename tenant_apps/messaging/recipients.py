"""A digest that tells whether two messages went to the same address, and nothing else."""

from guichet.kernel.sealing import BlindIndex
from guichet.tenancy.signing import keyring

PURPOSE = "message-recipient"


def recipient_digest(to: str) -> BlindIndex:
    """Of an address or a number as the file has it; empty for nobody."""
    return keyring().index(to.strip().casefold(), purpose=PURPOSE) if to.strip() else BlindIndex()
