"""What the pages of the service desk ask people, one module a place in the product."""
