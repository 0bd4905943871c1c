"""All addresses of the product, and the empty page that others are compared with."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from core.access import Gate, access
from itsm.urls import handler400, handler403, handler404, handler500  # noqa: F401
from itsm.urls import urlpatterns as product

EMPTY = '{# The shell of agents, with nothing in it. #}{% extends "shells/agent.html" %}'


@access(Gate.AGENT)
def empty(request):
    template = engines["django"].from_string(EMPTY)
    return HttpResponse(template.render({}, request))


urlpatterns = [path("bench/empty/", empty), *product]
