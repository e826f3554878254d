"""The tariffs of a caisse as it keeps them: rows that are added and read. What they cost is for `domain.tariffs`."""
