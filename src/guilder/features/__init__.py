"""The facts: what was known about a customer at a moment."""
