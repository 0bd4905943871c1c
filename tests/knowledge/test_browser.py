"""Knowledge in a browser: an answer found while a report is typed makes the report unnecessary."""

import pytest

from incidents.models import Incident
from knowledge.models import Deflection
from tests.e2e.conftest import signed_in  # noqa: F401
from tests.knowledge.stories import published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SD-10", "KB-02")]


@pytest.fixture
def article(world):
    hidden = published(world, "VPN certificates, inside", audience="internal")
    return published(
        world, "VPN certificate expired", "Choose *Sync*.", zh=("VPN 证书过期", "请同步。")
    ), hidden


def test_an_article_spares_a_report(world, article, signed_in):  # noqa: F811
    page = signed_in(world.colleague)
    page.goto("/portal/report/")
    page.fill("#id_subject", "my VPN certificate expired")
    page.wait_for_selector("#suggest .ask")
    shown = page.inner_text("#suggest")

    page.click("#suggest .ask a")
    page.wait_for_selector(".peek")
    kept = page.input_value("#id_subject")
    page.click("text=This solved my question")
    page.wait_for_url("**/portal/")

    row = Deflection.objects.get()
    assert "inside" not in shown
    assert kept == "my VPN certificate expired"
    assert (row.article, row.person, row.words) == (article[0], world.colleague, kept)
    assert not Incident.objects.exists()


def test_what_was_not_saved_is_given_back(world, article, signed_in):  # noqa: F811
    page = signed_in(world.agent)
    page.goto(f"/knowledge/{article[0].number}/edit/")
    page.fill("[name=body_en]", "Half a sentence")
    page.wait_for_selector("[data-unsaved-state]:not([hidden])")

    page.reload()
    page.click("[data-unsaved-take]")

    assert page.input_value("[name=body_en]") == "Half a sentence"
    page.click("main button[type=submit].btn--primary")
    page.wait_for_url("**/?v=2")
    page.goto(f"/knowledge/{article[0].number}/edit/")
    assert page.is_hidden("[data-unsaved]")
