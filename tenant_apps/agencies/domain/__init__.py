"""The rules of opening hours and appointments, without Django and without a clock."""
