"""Search at 100,000 records of Chinese text: is everything found, and how soon.

`bin/bench search [--records N] [--pairs N] [--keep]`: every record gets a text of its own, words of
some of 3,755 characters (the first level of GB 2312) in the uneven shares that words have. Pairs of
characters that stand in the texts are asked for; what search finds is held against LIKE, record by
record. Then the page, the palette and the pickers are asked over HTTP, one reader at a time.
"""

import argparse
import time
from contextlib import closing
from http.client import HTTPConnection
from random import Random
from urllib.parse import quote

from bench import data, server

NAME, READER = "itsm_bench_search", "A0000"
MOST_SEARCH, MOST_PICK = 300, 150  # ms
WORDS, LETTERS = 12_000, ["VPN", "SAP", "Outlook", "error 502", "laptop", "Wi-Fi", "MFA", "printer"]
BATCH = 20_000


def main(arguments=()):
    parser = argparse.ArgumentParser(prog="bin/bench search")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--keep", action="store_true", help="keep the database, use a kept one")
    asked = parser.parse_args(list(arguments))
    server.set_up()
    if not (asked.keep and data.exists(NAME)):
        data.make_base()
        print(f"Making {asked.records:,} records, people and configuration items …", flush=True)
        data.build(NAME, asked.records)
        data.use(NAME)
        write_texts(asked.records)
        make_people_and_items(asked.records)
    try:
        data.use(NAME)
        passed = measure(asked)
    finally:
        if not asked.keep:
            data.drop(NAME)
            data.drop(data.BASE)
    return 0 if passed else 1


# --- the texts ----------------------------------------------------------------------------------
def characters():
    """The 3,755 common characters, the commonest first in no order that matters."""
    rows = (bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return [text for row in rows if (text := row.decode("gb2312", "ignore"))]


def vocabulary(random):
    """Words of one to four characters with the share that the rank of a word gives it (Zipf)."""
    known = characters()
    words = [
        "".join(random.choices(known, k=random.choice((1, 2, 2, 2, 3, 4)))) for _ in range(WORDS)
    ]
    return words, [1 / (rank + 10) for rank in range(WORDS)]


def sentence(random, words, shares):
    parts = random.choices(words, shares, k=random.randrange(12, 60))
    for _ in range(random.randrange(3)):
        parts.insert(random.randrange(len(parts)), f" {random.choice(LETTERS)} ")
    for place in range(9, len(parts), 10):
        parts[place] += random.choice(",。,")
    return "".join(parts)


def write_texts(records):
    """A title and a text for every record, as the desk keeps them for search."""
    from django.db import connection

    from core.text import fold

    random = Random(7)
    words, shares = vocabulary(random)
    with connection.cursor() as outer:
        cursor = outer.cursor
        cursor.execute("SET session_replication_role = replica; TRUNCATE records_recordtext")
        cursor.execute("CREATE TEMPORARY TABLE said (id bigint PRIMARY KEY, title text, body text)")
        for start in range(1, records + 1, BATCH):
            texts, said = [], []
            for pk in range(start, min(start + BATCH, records + 1)):
                body = sentence(random, words, shares)
                title = body[: random.randrange(8, 24)]
                text = fold(f"INC-{pk:06d} {title} {body}")
                texts.append(data.line((pk, text, text)))
                said.append(data.line((pk, title, body)))
            data.copy(cursor, "records_recordtext", data.TEXT, texts)
            data.copy(cursor, "said", ("id", "title", "body"), said)
        cursor.execute(
            "UPDATE records_record SET title = said.title, description = said.body"
            " FROM said WHERE said.id = records_record.id"
        )
        cursor.execute("DROP TABLE said")
        cursor.execute("SET session_replication_role = DEFAULT")


def make_people_and_items(many):
    """As many people and configuration items as records, for the pickers."""
    from django.db import connection

    from cmdb.models import CI, CIClass
    from core.text import fold
    from people.models import Organization, Person, Site, SupportGroup

    random = Random(11)
    units = list(Organization.objects.exclude(parent=None))
    sites = list(Site.objects.all())
    kind = CIClass.objects.get(code="laptop")
    owner, group = Person.objects.get(code=READER), SupportGroup.objects.first()
    for start in range(0, many, BATCH):
        span = range(start, min(start + BATCH, many))
        Person.objects.bulk_create(
            [data.person(random, f"Q{n:06}", units, sites) for n in span], batch_size=1_000
        )
        CI.objects.bulk_create(
            [
                CI(
                    number=f"CI-{n + 200_000:06}", name=f"笔记本 {n:06}", ci_class=kind, state="live",
                    organization=random.choice(units), owner=owner, managed_by=group,
                    search=fold(f"CI-{n + 200_000:06} 笔记本 {n:06} SN{random.randrange(10**9):09}"),
                )
                for n in span
            ],
            batch_size=1_000,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# --- what is measured -----------------------------------------------------------------------------
def measure(asked):
    pairs = sample(asked.pairs)
    found, held, wrong = recall(pairs)
    cookie = server.sign_in([READER])[READER]
    with server.running(NAME) as (port, _pids):
        took = {
            name: ask(port, cookie, addresses)
            for name, addresses in addresses_of(pairs, asked.records).items()
        }
    checks = [
        (f"pairs asked for, at {asked.records:,} records", f"{len(pairs):,}", "", None),
        ("records that LIKE finds, of all pairs", f"{held:,}", "", None),
        ("  of them found by search", f"{100 * found / max(held, 1):.2f} %", "= 100 %",
         found == held),
        ("found by search and not by LIKE", f"{wrong}", "= 0", wrong == 0),
    ]  # fmt: skip
    for name, times in took.items():
        most = MOST_PICK if name.startswith("picker") else MOST_SEARCH
        late = server.share(times, 95)
        checks.append((f"{name}, p50", f"{server.share(times, 50):.0f} ms", "", None))
        checks.append((f"{name}, p95", f"{late:.0f} ms", f"≤ {most} ms", late <= most))
    return server.report("Search", checks)


def sample(many):
    """Pairs of characters that stand in the texts; each once."""
    from records.models import RecordText

    random = Random(23)
    highest = RecordText.objects.order_by("-record_id").values_list("record_id", flat=True)[0]
    pairs = set()
    while len(pairs) < many:
        pk = random.randrange(1, highest + 1)
        text = RecordText.objects.values_list("search_public", flat=True).get(record_id=pk)
        place = random.randrange(len(text) - 1)
        pair = text[place : place + 2]
        if all("一" <= character <= "鿿" for character in pair):
            pairs.add(pair)
    return sorted(pairs)


def recall(pairs):
    """(found of those that LIKE finds, those that LIKE finds, found beside them): for a reader who
    sees everything, asked of the same rows."""
    from people.models import Person
    from records.models import Record
    from records.searching import folded_query, matching

    reader = Person.objects.get(code=READER)
    found = held = wrong = 0
    for pair in pairs:
        rows = matching(Record.objects.all(), reader, folded_query(pair))
        ours = set(rows.values_list("pk", flat=True))
        like = like_of(pair)
        found, held, wrong = found + len(ours & like), held + len(like), wrong + len(ours - like)
    return found, held, wrong


def like_of(pair):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM records_recordtext WHERE search_agent LIKE %s", [f"%{pair}%"]
        )
        return {row[0] for row in cursor.fetchall()}


def addresses_of(pairs, records):
    """{what: addresses}: typed as people type: two characters, a longer run, a name, its sound."""
    random = Random(31)
    from people.models import Person

    names = list(Person.objects.filter(code__startswith="Q").values_list("name", flat=True)[:2_000])
    some = [random.choice(names) for _ in range(200)]
    sounds = ["zs", "wang", "limin", "jonas", "chen", "q0099", "wangwei", "hannah"] * 25
    items = [f"{random.randrange(records):06}"[: random.choice((4, 5, 6))] for _ in range(200)]
    return {
        "page of search": [f"/search/?q={quote(pair)}" for pair in pairs],
        "palette": [f"/palette/?q={quote(pair)}" for pair in pairs],
        "queue with words": [f"/queue/?view=all&phase=any&q={quote(pair)}" for pair in pairs[:300]],
        "picker of records": [f"/records/pick/?q={quote(pair)}" for pair in pairs],
        "picker of people": [f"/people/pick/?q={quote(name)}" for name in some + sounds],
        "picker of items": [f"/cmdb/pick/?q={quote(name)}" for name in [*items, "笔记", "本 00"]],
    }


def ask(port, cookie, addresses):
    """Latencies in ms of these addresses, one after the other."""
    times = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        server.get(connection, addresses[0], cookie)
        for address in addresses:
            begun = time.perf_counter()
            status, _body = server.get(connection, address, cookie)
            times.append((time.perf_counter() - begun) * 1000)
            if status != 200:
                raise SystemExit(f"{address} answered {status}.")
    return times
