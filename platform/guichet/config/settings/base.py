"""What every environment shares: a table of contents."""

from guichet.config.settings.apps import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.database import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.environment import ROOT
from guichet.config.settings.files import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.identity import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.locale import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.logs import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.messages import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.payments import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.requests import *  # noqa: F403  # settings are one flat namespace
from guichet.config.settings.sentry import *  # noqa: F403  # settings are one flat namespace

BASE_DIR = ROOT
DEBUG = False
FIXTURES = ROOT / "fixtures"
THEMES = ROOT / "themes"
SUSPENDED_RETRY_SECONDS = 3600
