"""The words: tables, columns and checks."""
