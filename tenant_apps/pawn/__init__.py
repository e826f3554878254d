"""Pawn loans: the contracts of a client, mirrored from the caisse's own system."""
