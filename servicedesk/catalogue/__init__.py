"""The catalogue: offerings, the engine of their forms, and building them in the browser."""
