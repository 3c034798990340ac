"""The web server's entry point."""

import os

import django

from csan.handler import Handler
from csan.kept_pages import KeptPages
from csan.lib.states import state_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csan.settings")

django.setup(set_prefix=False)
application = KeptPages(Handler())
state_of("20001")  # reads the table of ZIP codes once, before the workers are forked and while no signer waits
