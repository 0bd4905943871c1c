"""The next clock of a row, as the queue draws it. How it is drawn stands in slm.drawn, because the
pages of service levels show the same rows."""

from slm.drawn import SOON_SECONDS, drawn, elapsed_seconds

__all__ = ["SOON_SECONDS", "drawn", "elapsed_seconds"]
