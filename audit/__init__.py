"""The record of who looked at what and who changed what: proved to be whole, and read by the auditor."""
