"""The database backend: search path and role set together, in one round trip."""
