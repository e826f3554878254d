"""The person: number, names, addresses, phones. Not the way in."""
