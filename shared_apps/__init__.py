"""What the GIE runs over all caisses."""
