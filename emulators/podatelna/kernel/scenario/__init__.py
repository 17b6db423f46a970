"""Scenario files: what may stand in them, and how they are read. Nothing that serves imports it."""
