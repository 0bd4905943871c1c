"""The queue at 10,000 and at 1,000,000 records: statements, processor time, latency with 8 clients.

`bin/bench queue [--keep] [--small N] [--large N]` makes two databases by COPY (docs: bench data),
starts gunicorn on each, measures in turns, prints the table with what must hold, and drops the
databases unless they are to be kept. Kept ones are used again.
"""

import argparse

from bench import data, server

QUEUE, EMPTY = "/queue/?view=all", "/bench/empty/"
MOST_STATEMENTS, MOST_CPU, MOST_GROWTH = 12, 4.0, 1.5
ROUNDS, SECONDS = 4, 5
# The central desk: at both sizes each of them has a full page of 50 rows.
CLIENTS = [f"A{16 * n:04}" for n in range(8)]


def main(arguments=()):
    asked = options(arguments)
    server.set_up()
    names = prepare(asked)
    try:
        passed = measure(*names, asked)
    finally:
        if not asked.keep:
            for name in (*names, data.BASE):
                data.drop(name)
    return 0 if passed else 1


def options(arguments):
    parser = argparse.ArgumentParser(prog="bin/bench queue")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="keep the databases, and use kept ones")
    return parser.parse_args(list(arguments))


def prepare(asked):
    """The two databases; new ones unless kept ones may serve."""
    names = [f"itsm_bench_{size}" for size in (asked.small, asked.large)]
    missing = [size for size, name in zip((asked.small, asked.large), names, strict=True)
               if not (asked.keep and data.exists(name))]  # fmt: skip
    if missing:
        print("Making the company …", flush=True)
        data.make_base()
    for size in missing:
        print(f"Making {size:,} records …", end=" ", flush=True)
        print(f"{data.build(f'itsm_bench_{size}', size):.0f} s")
    return names


def measure(small, large, asked):
    cookies = {}
    for name in (small, large):
        data.use(name)
        cookies[name] = list(server.sign_in(CLIENTS).values())
    data.use(large)
    statements = server.statements_of(CLIENTS[0], QUEUE)
    with server.running(small) as (near, _), server.running(large) as (far, pids):
        for port, name in ((near, small), (far, large)):
            server.hammer(port, QUEUE, cookies[name], 3)
            server.hammer(port, EMPTY, cookies[name], 1)
        asks = [server.asking(address, cookies[large][0]) for address in (QUEUE, EMPTY)]
        queue_cpu, empty_cpu = server.cpu_of(far, pids, asks)
        times = {small: [], large: []}
        for _ in range(ROUNDS):  # in turns, so that a noisy minute falls on both
            times[small] += server.hammer(near, QUEUE, cookies[small], SECONDS)
            times[large] += server.hammer(far, QUEUE, cookies[large], SECONDS)
    return table(asked, statements, queue_cpu, empty_cpu, times[small], times[large])


def table(asked, statements, queue_cpu, empty_cpu, near, far):
    ratio = queue_cpu / empty_cpu
    growth = server.share(far, 95) / server.share(near, 95)
    checks = [
        ("statements of the page, counts not kept", f"{statements}", f"≤ {MOST_STATEMENTS}",
         statements <= MOST_STATEMENTS),
        ("CPU of the server, empty page", f"{empty_cpu:.1f} ms", "", None),
        (f"CPU of the server, queue at {asked.large:,}", f"{queue_cpu:.1f} ms", "", None),
        ("  of that of the empty page", f"{ratio:.2f} ×", f"≤ {MOST_CPU} ×", ratio <= MOST_CPU),
        *server.latency(f" at {asked.small:,}", near, CLIENTS),
        *server.latency(f" at {asked.large:,}", far, CLIENTS),
        ("  p95 at the large size, of that at the small one", f"{growth:.2f} ×",
         f"≤ {MOST_GROWTH} ×", growth <= MOST_GROWTH),
    ]  # fmt: skip
    return server.report(f"Queue, 50 rows, {len(CLIENTS)} clients, one worker process", checks)
