"""The door out: results drawn as pages."""
