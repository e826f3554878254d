"""The agency's counter: find a client, see how their access stands, mend it."""
