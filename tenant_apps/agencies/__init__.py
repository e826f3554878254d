"""Agencies of a caisse and the appointments of its clients."""
