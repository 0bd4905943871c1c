"""Pages of configuration management. A view finds, checks, calls one action, and renders."""
