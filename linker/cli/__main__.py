"""``python -m linker.cli``."""

from linker.cli import main

main()
