"""Pages of an API list, by key."""

from collections import OrderedDict

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from core.paging import paginate


class CursorPages(BasePagination):
    """`?after=` a cursor; the answer names the next one. The view says the order in `page_order`."""

    def paginate_queryset(self, queryset, request, view=None):
        try:
            size = min(200, max(1, int(request.query_params.get("page_size", 50))))
        except ValueError as error:
            raise exceptions.ValidationError({"page_size": [_("Give a whole number.")]}) from error
        self.page = paginate(
            queryset,
            order=getattr(view, "page_order", ("-pk",)),
            size=size,
            after=request.query_params.get("after", ""),
        )
        return self.page.rows

    def get_paginated_response(self, data):
        return Response(OrderedDict(results=data, after=self.page.after or None))

    def get_paginated_response_schema(self, schema):
        return {
            "type": "object",
            "required": ["results"],
            "properties": {
                "results": schema,
                "after": {"type": "string", "nullable": True},
            },
        }

    def get_schema_operation_parameters(self, view):
        return [
            {"name": "after", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": 200},
            },
        ]
