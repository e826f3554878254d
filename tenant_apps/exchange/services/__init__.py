"""What is written of a file that was found good."""
