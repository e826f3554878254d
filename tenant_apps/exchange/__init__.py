"""What comes from the caisse’s own system: for now, its clients."""
