"""The client's screens of appointments, one module each."""
