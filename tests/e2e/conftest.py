"""A real browser on the real pages, signed in as somebody."""

import pytest
from django.test import Client


@pytest.fixture
def signed_in(browser, live_server):
    """signed_in(person) → a page of a browser in which that person is signed in."""
    contexts = []

    def open_page(person, **options):
        client = Client()  # a session of its own
        client.force_login(person, backend="people.backends.PersonBackend")
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(20_000)
        cookie = client.cookies["session"].value
        context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
