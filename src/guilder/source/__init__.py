"""The doors in: a bank's tables, read and typed once."""
