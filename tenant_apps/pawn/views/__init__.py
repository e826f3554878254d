"""The client's screens of pawn loans, and the public page of what they cost."""
