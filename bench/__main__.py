"""`python -m bench NAME [arguments]`: runs one measurement and prints its table.

It brings servers of its own, unless DATABASE_URL and REDIS_URL name others. PostgreSQL has its
usual settings (nothing loose) but for the memory that a desk with a million records would give it.
"""

import os
import platform
import signal
import sys
from importlib import import_module

from itsm.local.borrowed import servers
from itsm.local.trouble import in_one_line

NAMES = ("queue", "pages", "weight", "clocks", "sweep", "impact", "search", "mail")
MEMORY = {"shared_buffers": "1GB", "effective_cache_size": "4GB"}


def main():
    name, *arguments = sys.argv[1:] or [""]
    if name not in NAMES:
        print(f"Measure what? {' | '.join(NAMES)}")
        return 2
    # a termination must stop the servers too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores", flush=True)
    with servers("bench", **MEMORY) as environment:
        os.environ.update(environment)
        return import_module(f"bench.{name}").main(arguments)


if __name__ == "__main__":
    in_one_line(main)
