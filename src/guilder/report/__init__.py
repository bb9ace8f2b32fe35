"""The door out: results drawn as pages."""

from guilder.report.page import page

__all__ = ["page"]
