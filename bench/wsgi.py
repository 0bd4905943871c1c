"""What gunicorn serves while it is measured: the door of the product itself."""

from itsm.wsgi import application

__all__ = ["application"]
