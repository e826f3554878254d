"""The demo's settings; files and static files stay in the folder of the run."""

from benchmarks.scratch import FOLDER
from guichet.config.settings.demo import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.demo import LOGGING

STATIC_ROOT = FOLDER / "static"
MEDIA_ROOT = FOLDER / "files"
# On both sides: the terminal is for the table.
LOGGING["loggers"]["guichet.access"] = {"level": "WARNING"}
