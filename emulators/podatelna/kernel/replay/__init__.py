"""Replaying scenario files: against this house, or against anything that answers over HTTP."""
