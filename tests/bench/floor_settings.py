"""The settings of the floor: ours, with one address and no middleware."""

from csan.settings import *  # noqa: F403 - so are settings made from others

ROOT_URLCONF = "tests.bench.floor"
MIDDLEWARE = []
