"""Load and fault drivers that are kept word for word as they were handed to the project."""
