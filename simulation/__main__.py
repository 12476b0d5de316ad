"""`python -m gutexo` is the command `gutexo`."""

from gutexo.cli import main

if __name__ == "__main__":
    main()
