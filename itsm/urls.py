"""All addresses. Namespaces are the plural of the kind, so that a record finds its own page."""

from django.urls import include, path

from core import views as core_views
from core.gallery import gallery
from knowledge.urls import portal as knowledge_on_portal
from servicedesk.urls import portal
from servicedesk.views.home import start

handler400 = "core.failures.bad_request"
handler403 = "core.failures.not_permitted"
handler404 = "core.failures.not_found"
handler500 = "core.failures.server_error"

urlpatterns = [
    path("healthz/live", core_views.live, name="healthz_live"),
    path("healthz/ready", core_views.ready, name="healthz_ready"),
    path("ui/", gallery, name="gallery"),
    path("", include("people.urls")),
    path("settings/", include("itsm.urls_settings")),
    path("settings/calendars/", include("calendars.urls")),
    path("api/v1/", include("itsm.api")),
    path("cmdb/", include("cmdb.urls")),
    path("records/", include("slm.urls_work")),
    path("service-levels/", include("slm.urls")),
    path("incidents/", include("incidents.urls")),
    path("requests/", include("servicedesk.requests.urls")),
    path("feedback/", include("servicedesk.feedback.urls")),
    path("announcements/", include("servicedesk.announcements.urls")),
    path("knowledge/", include("knowledge.urls")),
    # one namespace: the desk's pages of the portal, and those that lower floors add
    path("portal/", include((portal.urlpatterns + knowledge_on_portal.urlpatterns, "portal"))),
    path("", start, name="home"),
    path("", include("servicedesk.urls")),
]
