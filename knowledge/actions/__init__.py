"""What can be done with articles. Pages, API, reactions and sweeps all come through here."""
