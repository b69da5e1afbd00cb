"""Probata: accusations of election interference, put to the test on measured evidence."""

__version__ = "0.1.0"
__all__ = ["__version__"]
