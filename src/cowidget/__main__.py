"""`python -m cowidget`."""

from cowidget.cli import main

if __name__ == "__main__":
    main()
