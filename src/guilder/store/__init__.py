"""The doors to disk: runs, manifests and models."""
