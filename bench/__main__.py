"""`python -m bench NAME [arguments]`: runs one measurement and prints its table."""

import sys
from importlib import import_module

NAMES = ("queue", "pages", "weight", "clocks", "sweep", "impact")


def main():
    name, *arguments = sys.argv[1:] or [""]
    if name not in NAMES:
        print(f"Measure what? {' | '.join(NAMES)}")
        return 2
    try:
        module = import_module(f"bench.{name}")
    except ModuleNotFoundError as missing:
        if missing.name != f"bench.{name}":
            raise
        print(f"There is no measurement “{name}” yet.")
        return 2
    return module.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
