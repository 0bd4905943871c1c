"""How content people were with their closed tickets: asking, answering, and the figures of it."""
