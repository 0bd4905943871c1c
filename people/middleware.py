"""Every page speaks the reader's language and shows the reader's time."""

import zoneinfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import trans_real


class Reader:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language, zone = self.chosen(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        timezone.activate(zoneinfo.ZoneInfo(zone))
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
            translation.deactivate()
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def chosen(request):
        person = request.user
        if person.is_authenticated:
            return person.locale, person.zone_name
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if cookie in dict(settings.LANGUAGES):
            return cookie, settings.TIME_ZONE
        for wanted, _ in trans_real.parse_accept_lang_header(
            request.headers.get("Accept-Language", "")
        ):
            if wanted.startswith("zh"):
                return "zh-hans", settings.TIME_ZONE
            if wanted.startswith("en"):
                return "en", settings.TIME_ZONE
        return settings.LANGUAGE_CODE, settings.TIME_ZONE
