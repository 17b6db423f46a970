"""A sandbox of Czech agency web services."""

__version__ = "0.1.0"
