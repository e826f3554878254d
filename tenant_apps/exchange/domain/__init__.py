"""The form of the files, without a framework."""
