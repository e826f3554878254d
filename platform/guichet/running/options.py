"""What may be asked of bin/demo."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_PORT = 8000
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Options:
    fresh: bool
    port: int


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Exits with a sentence on a mistake, as command lines do."""
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description="Runs Guichet on this computer with invented caisses and people. Ctrl-C stops all of it.",
        epilog="DATABASE_URL=postgres://… uses a PostgreSQL (16 or later) of your own.",
        allow_abbrev=False,
    )
    parser.add_argument("--fresh", action="store_true", help="start over: the demo's data are erased")
    parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        metavar="N",
        help=f"where to listen (default {DEFAULT_PORT})",
    )
    found = parser.parse_args(arguments)
    return Options(fresh=found.fresh, port=found.port)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to {LAST_PORT}")
    return int(text)
