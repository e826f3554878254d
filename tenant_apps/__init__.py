"""What each caisse has in its own schema."""
