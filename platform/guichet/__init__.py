"""Wiring and running: settings, URL trees, tenancy, base screens, kernel."""
