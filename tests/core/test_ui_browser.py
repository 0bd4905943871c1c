"""The gallery in a real browser: nothing that axe calls serious, no page wider than its window."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from people.models import Organization, Person

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


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
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{live_server.url}/ui/")

    found = Axe().run(page, options=OPTIONS).response["violations"]
    is_too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert not is_too_wide
    assert complaints == []
