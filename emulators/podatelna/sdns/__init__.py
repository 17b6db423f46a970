"""SDNS, the reporting services of the Czech National Bank."""
