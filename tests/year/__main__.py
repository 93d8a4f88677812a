"""Run by ``python3 quickstart.py year``: the years on the database of the environment."""

import argparse
import sys
import time
from datetime import date
from random import SystemRandom

import django
from django.core.management import call_command
from django.db import connection

from quickstart import say

LONGEST_SEED = 1_000_000


def main() -> int:
    """Play the years and print the figures; 1 when the engine and the model disagree."""
    parser = argparse.ArgumentParser(prog="quickstart.py year")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(LONGEST_SEED))
    parser.add_argument("--until", type=date.fromisoformat, default=date(2020, 12, 31))
    options = parser.parse_args()
    django.setup()
    from tests.year.drive import WrongMailError, run

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    say(f"== {connection.vendor}, until {options.until}, --seed {options.seed} ==")
    try:
        figures = run(options.seed, options.until, says=say)
    except WrongMailError as error:
        say(f"--seed {options.seed}: the engine and the model disagree at {error}")
        return 1
    say(f"{figures}; {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
