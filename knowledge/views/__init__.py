"""Pages of knowledge, for those who work here and on the portal."""
