"""The pages of the service desk, one module a place in the product."""
