"""The console of the GIE's operators."""
