"""The demo: invented people, and a mailbox page that shows what was sent. Production never installs it."""
