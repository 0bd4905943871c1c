"""The queue: what is filtered, in which order, how urgent it is, and how a row looks."""
