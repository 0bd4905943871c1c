"""The company of the people's tests, for the pages of reference data."""

from tests.people.conftest import *  # noqa: F403
