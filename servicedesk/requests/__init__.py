"""Service requests: from the order to the confirmation."""
