"""Announcements: what the desk tells many people at once, and who has read it."""
