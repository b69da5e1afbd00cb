"""``python -m probata``."""

from probata.cli import main

if __name__ == "__main__":
    main()
