"""The rules of pawn loans, without Django."""
