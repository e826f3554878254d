"""What a client is given to keep: files that never change, each its owner's alone."""
