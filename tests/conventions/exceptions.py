"""The one list of exceptions: (rule, path or path::name), with the reason. One that has no use is refused."""

EXCEPTIONS: dict[tuple[str, str], str] = {}
