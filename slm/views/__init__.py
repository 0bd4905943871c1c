"""Pages of service levels, and of what every record shares."""
