"""`python -m cli`: the same as `sohoa`."""

from cli.main import main

main()
