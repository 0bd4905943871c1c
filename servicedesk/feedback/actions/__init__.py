"""What can be done to feedback. Pages, API, mail and sweeps all come through here."""
