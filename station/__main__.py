"""`python -m station`: the same as `sohoa-station`."""

from station.commands import main

main()
