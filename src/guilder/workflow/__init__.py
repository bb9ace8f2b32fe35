"""The wiring: the only place where the floors meet."""
