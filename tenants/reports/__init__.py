"""What each caisse says of itself to the GIE: counts and moments, never a person."""
