"""What can be done to a request. Pages, API, approvals and reactions all come through here."""
