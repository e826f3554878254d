"""Mail, SMS and letters: one outbox, sent by the worker, themed per caisse."""
