"""`python -m kars_xl`."""

from kars_xl.cli import main

if __name__ == "__main__":
    main(prog_name="kars-xl")
