"""`python -m inventory` is the command `inventory`."""

from inventory.cli import main

main()
