"""The settings of a measured server: production's, with the addresses of the bench beside them."""

from itsm.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
