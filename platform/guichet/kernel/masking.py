"""What may be shown of an identifier, a phone number or an address: enough to recognise it, not enough to use it."""

NARROW = "\u202f"
HIDDEN = "•••"
_TAIL = 3


def masked(text: str) -> str:
    """The last three signs, `••• 234`; of an e-mail address the first letter and the domain, `a•••@example.org`.

    The dots do not tell how much they hide. What is no longer than what would be shown is hidden whole.
    """
    local, at, domain = text.rpartition("@")
    if at:
        return f"{local[:1]}{HIDDEN}@{domain}"
    if len(text) <= _TAIL:
        return HIDDEN if text else ""
    return f"{HIDDEN}{NARROW}{text[-_TAIL:]}"
