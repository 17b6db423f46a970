"""For tests of software that calls the agencies: sandboxes in the hands of a test."""
