"""The WSGI door that gunicorn opens."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from core.turns import Turns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
application = Turns(get_wsgi_application())

# A page makes many short-lived objects beside a large heap that never changes: looking for cycles
# at every 700th of them was a quarter of the time of a long list (`bin/bench pages`).
gc.freeze()
gc.set_threshold(50_000, 20, 20)
