"""`python -m simulation` is the command `gutexo`."""

from simulation.cli import main

if __name__ == "__main__":
    main()
