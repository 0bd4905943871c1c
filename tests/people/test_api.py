"""The API of people: what each reader gets, search, and who I am."""

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from people import actions, api
from tests.people.conftest import make_person

pytestmark = pytest.mark.django_db


def ask(view, person, path="/", **kwargs):
    """The answer of a viewset's list, or of one row where a code is given."""
    request = APIRequestFactory().get(path)
    force_authenticate(request, person)
    answer = view.as_view({"get": "retrieve" if kwargs else "list"})(request, **kwargs)
    answer.render()
    return answer


def codes(answer):
    return [row["code"] for row in answer.data["results"]]


@pytest.mark.feature("LA-04")
def test_people_are_found_by_sound(agent, zhang):
    assert codes(ask(api.PersonViewSet, agent, "/?q=zs")) == ["1001"]


def test_customers_get_themselves_and_no_groups(customer, zhang, desk):
    assert codes(ask(api.PersonViewSet, customer)) == ["CUSTOMER"]
    assert ask(api.PersonViewSet, customer, code="1001").status_code == 404
    assert codes(ask(api.SupportGroupViewSet, customer)) == []


def test_customers_get_the_own_organisation_and_its_sites(customer, organization):
    other = actions.create_organization(by=None, code="OTHER", name_en="Other")
    for code, owner in (("SH", organization), ("XX", other)):
        actions.create_site(
            by=None, code=code, name_en=code, organization=owner, time_zone="Asia/Shanghai"
        )

    assert codes(ask(api.OrganizationViewSet, customer)) == ["LANTING"]
    assert codes(ask(api.SiteViewSet, customer)) == ["SH"]


def test_agents_get_all_by_either_name(agent, organization, desk):
    assert codes(ask(api.OrganizationViewSet, agent, "/?q=兰亭")) == ["LANTING"]
    assert codes(ask(api.SupportGroupViewSet, agent, "/?q=central")) == ["DESK"]


def test_a_list_costs_the_same_however_long(agent, organization, django_assert_max_num_queries):
    for number in range(30):
        make_person(organization, f"P{number}", manager=agent)

    with django_assert_max_num_queries(4):
        assert len(codes(ask(api.PersonViewSet, agent))) == 31


def test_i_am_told_who_i_am(lead, desk):
    request = APIRequestFactory().get("/")
    force_authenticate(request, lead)

    answer = api.Me.as_view()(request).data

    assert (answer["code"], answer["groups"], answer["is_agent"]) == ("LEADER", ["DESK"], True)
    assert answer["is_admin"] is False
