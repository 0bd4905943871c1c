"""What the portal shows, prepared in the requester's words: no state, impact or priority by name."""
