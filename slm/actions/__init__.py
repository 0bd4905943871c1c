"""What can be done to agreements and escalations."""
