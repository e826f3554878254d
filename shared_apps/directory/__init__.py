"""The front door: the caisses by name and town, each leading to its own space."""
