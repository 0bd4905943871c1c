"""What the desk has handed to others: the second line by group, third parties by supplier."""
