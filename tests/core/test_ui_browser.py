"""The gallery in a real browser: nothing that axe calls serious, no page wider than its window."""

import pytest

from people.models import Organization, Person
from tests.axe import findings, listen


# The first look is read whole, the second for what language, theme and width may change.
@pytest.mark.browser
@pytest.mark.parametrize(
    ("locale", "theme", "width"), [("en", "light", 1440), ("zh-hans", "dark", 390)]
)
def test_the_gallery_is_readable_by_everybody(
    browser, live_server, client, transactional_db, locale, theme, width
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

    found = findings(page, only_look=width == 390)
    context.close()
    assert found == []
    assert complaints == []
