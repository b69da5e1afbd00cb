"""Question package."""
