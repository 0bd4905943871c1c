"""Complaints, praise, suggestions and opportunities: from the portal to the answer and the last word."""
