"""What the processes tell of themselves, and of no person: log lines, reports of failures."""
