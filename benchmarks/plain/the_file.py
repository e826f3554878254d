"""The file of the one caisse that the plain project is for."""

import tomllib
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "caisses" / "nimes.toml"
THEME: str = tomllib.loads(FILE.read_text(encoding="utf-8"))["brand"]["theme"]
