"""The service: published runs over HTTP, to those who hold a token."""
