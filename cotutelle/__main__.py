"""``python -m cotutelle``: the same as the `cotutelle` command."""

from cotutelle.cli import main

if __name__ == "__main__":
    main()
