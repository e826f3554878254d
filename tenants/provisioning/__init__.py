"""Roles, schemas and migrations: what only the administrator's and the migrator's logins may do."""
