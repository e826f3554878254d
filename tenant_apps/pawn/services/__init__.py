"""What is done with contracts of ours: each act is atomic, locks its contract, and is done once by its operation."""
