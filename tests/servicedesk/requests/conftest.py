"""The catalogue of shop.py, built once and copied."""

import pytest

from tests import snapshot
from tests.servicedesk.requests import shop
from tests.world import build


def furnished():
    return shop.stocked(build())


@pytest.fixture
def world(db):
    return snapshot.restored(furnished)
