"""What can be done to an incident. Pages, API, tasks and reactions all come through here."""
