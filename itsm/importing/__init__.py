"""Bringing other systems' data in, through the actions of the apps. Twice is harmless."""
