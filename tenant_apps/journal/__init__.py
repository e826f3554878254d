"""What happened in the caisse: who did what, when; added to, never changed."""
