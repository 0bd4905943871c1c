"""All addresses of the product, and the empty page that others are compared with."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from core.access import Gate, access
from itsm.urls import handler400, handler403, handler404, handler500  # noqa: F401
from itsm.urls import urlpatterns as product

EMPTY = '{# The shell of agents, with nothing in it. #}{% extends "shells/agent.html" %}'


@access(Gate.AGENT)
def empty(request):
    template = engines["django"].from_string(EMPTY)
    return HttpResponse(template.render({}, request))


class Nothing(APIView):
    """The empty call: the key is checked, the body read and an answer given; nothing is done."""

    def post(self, request):
        return Response({"title": request.data["title"]}, status=201)


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/nothing/", Nothing.as_view()),
    *product,
]
