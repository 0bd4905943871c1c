"""What a first visit of the queue weighs: the page and everything that it asks for, as sent.

`bin/bench weight`: a server as in production with 2,000 tickets, Chromium with an empty cache, and
the sizes of the bodies as they came over the wire. The service worker and the browser's own icon
count too. Compression of static files is that of the product itself (WhiteNoise).
"""

import os
import shutil
from urllib.parse import urlsplit

from bench import data, server

RECORDS, PAGE = 2_000, "/queue/?view=all"
MOST_ALL, MOST_HTML = 60, 20  # KB
NAME = "itsm_bench_weight"


def main(_arguments=()):
    server.set_up()
    data.make_base()
    data.build(NAME, RECORDS)
    try:
        data.use(NAME)
        cookie = server.sign_in(["A0000"])["A0000"]
        with server.running(NAME) as (port, _pids):
            sizes = visit(port, cookie)
    finally:
        data.drop(NAME)
        data.drop(data.BASE)
    return 0 if table(sizes) else 1


def visit(port, cookie):
    """{address: (kind, bytes as sent)} of one visit with nothing kept."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    name, _, value = cookie.partition("=")
    home = f"http://localhost:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": home}])
        page = context.new_page()
        sizes = {}

        def sent(request):
            answer = request.response()
            if answer and answer.status == 200:
                address = urlsplit(request.url).path
                sizes[address] = (request.resource_type, request.sizes()["responseBodySize"])

        page.on("requestfinished", sent)
        page.goto(home + PAGE)
        page.wait_for_load_state("networkidle")
        browser.close()
    return sizes


def table(sizes):
    kilobytes = {address: size / 1000 for address, (_kind, size) in sizes.items()}
    html = sum(size / 1000 for kind, size in sizes.values() if kind == "document")
    total = sum(kilobytes.values())
    checks = [
        (address, f"{size:.1f} KB", "", None)
        for address, size in sorted(kilobytes.items(), key=lambda item: -item[1])
    ]
    checks += [
        ("the page itself", f"{html:.1f} KB", f"≤ {MOST_HTML} KB", html <= MOST_HTML),
        ("all of it", f"{total:.1f} KB", f"≤ {MOST_ALL} KB", total <= MOST_ALL),
    ]
    return server.report(f"First visit of the queue, {len(sizes)} requests, compressed", checks)
