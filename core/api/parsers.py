"""Strict input: JSON as the database can keep it."""

import json

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser

DEEPEST = 20


class StrictJSONParser(JSONParser):
    """JSON as the database can keep it: no NUL, no lone surrogate, no NaN, not too deep."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            raw = stream.read()
            data = json.loads(raw.decode("utf-8"), parse_constant=self._refuse_constant)
            self._look_at(data, 0)
        except RecursionError as error:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from error
        except ValueError as error:
            raise exceptions.ParseError(_("This is not valid JSON: %s") % error) from error
        return data

    @staticmethod
    def _refuse_constant(name):
        raise ValueError(name)

    def _look_at(self, value, depth):
        if depth > DEEPEST:
            raise exceptions.ParseError(_("The JSON is nested too deeply."))
        if isinstance(value, str):
            if "\x00" in value:
                raise exceptions.ParseError(_("Text must not contain NUL characters."))
            value.encode("utf-8")
        elif isinstance(value, dict):
            for key, item in value.items():
                self._look_at(key, depth + 1)
                self._look_at(item, depth + 1)
        elif isinstance(value, list):
            for item in value:
                self._look_at(item, depth + 1)
