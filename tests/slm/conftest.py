"""Ladders made for one test; what processes keep of them is forgotten afterwards."""

import pytest
from django.core.cache import cache

from slm import escalating
from slm.models import EscalationPolicy


@pytest.fixture(autouse=True)
def forget_ladders():
    cache.clear()
    yield
    cache.clear()
    escalating.RESTING.clear()


@pytest.fixture
def a_ladder(db):
    """Make a step: a_ladder(value=60, to="slm", policy={"code": "X", "service": …})."""

    def make(policy=None, **step):
        scope = {"code": "default", **(policy or {})}
        found, _is_new = EscalationPolicy.objects.get_or_create(
            code=scope.pop("code"), defaults={"name_en": "Ladder", **scope}
        )
        cache.clear()
        return found.steps.create(**step)

    return make
