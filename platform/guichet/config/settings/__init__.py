"""Settings by environment: demo, test, production. Each topic is a module of its own."""
