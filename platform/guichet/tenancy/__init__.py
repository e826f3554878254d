"""What keeps caisses apart: the database backend, roles, jobs, salts, cache keys, files, log lines."""
