"""``python -m xzgis.cli``: what ``./xz`` runs."""

from xzgis.cli.frame import main

if __name__ == "__main__":
    main()
