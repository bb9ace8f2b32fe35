"""Guilder: customer intelligence for retail banks."""
