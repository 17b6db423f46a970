"""CZMVO AMS: the Alert Management System of the Czech Medicines Verification Organisation."""
