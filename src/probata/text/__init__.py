"""Pure functions on strings: language, normal forms, fingerprints, sentences."""
