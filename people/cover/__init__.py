"""Cover: somebody does another's work between two days."""
