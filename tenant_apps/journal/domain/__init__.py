"""How the journal is chained, without Django."""
