"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application

from csan.kept_pages import KeptPages
from csan.lib.states import state_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csan.settings")

application = KeptPages(get_wsgi_application())
state_of("20001")  # reads the table of ZIP codes once, before the workers are forked and while no signer waits
