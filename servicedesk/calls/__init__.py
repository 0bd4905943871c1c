"""Taking calls: who calls, what they have, what will be decided, and what came of it."""
