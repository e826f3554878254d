"""How the parts are wired: settings, URL trees, WSGI."""
