"""The gallery in a real browser: nothing that axe calls serious, no page wider than its window."""

import pytest

from people.models import Organization, Person
from tests.axe import findings, listen


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("locale", "theme"), [("en", "light"), ("zh-hans", "dark")])
def test_the_gallery_is_readable_by_everybody(
    browser, live_server, client, transactional_db, width, locale, theme
):
    organization = Organization.objects.create(code="LT", name_en="Lanting", name_zh="兰亭")
    person = Person.objects.create(
        code="adm", name="Jonas Weber", email="adm@lanting.example", organization=organization,
        can_sign_in=True, is_superuser=True, locale=locale,
    )  # fmt: skip
    client.force_login(person, backend="people.backends.PersonBackend")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    cookie = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    complaints = listen(page)

    page.goto(f"{live_server.url}/ui/")

    found = findings(page)
    context.close()
    assert found == []
    assert complaints == []
