"""What gunicorn serves while it is measured."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
