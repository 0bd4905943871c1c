"""The API's addresses: one router, each app's viewsets by name."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import DefaultRouter

from calendars.api import CalendarViewSet
from cmdb.api import CIViewSet, ServiceViewSet
from incidents.api import AlertViewSet, IncidentViewSet
from knowledge.api import ArticleViewSet
from people import api as people
from servicedesk.announcements.api import AnnouncementViewSet
from servicedesk.feedback.api import FeedbackViewSet
from servicedesk.mail.api import ReceiveMail
from servicedesk.requests.api import OfferingViewSet, RequestViewSet
from slm.api import RecordViewSet
from slm.api_agreements import AgreementViewSet
from slm.api_variations import VariationViewSet

router = DefaultRouter()
router.include_root_view = router.include_format_suffixes = False
router.register("records", RecordViewSet, basename="record")
router.register("incidents", IncidentViewSet, basename="incident")
router.register("requests", RequestViewSet, basename="request")
router.register("feedback", FeedbackViewSet, basename="feedback")
router.register("offerings", OfferingViewSet, basename="offering")
router.register("alerts", AlertViewSet, basename="alert")
router.register("articles", ArticleViewSet, basename="article")
router.register("agreements", AgreementViewSet, basename="agreement")
router.register("variations", VariationViewSet, basename="variation")
router.register("announcements", AnnouncementViewSet, basename="announcement")
router.register("calendars", CalendarViewSet, basename="calendar")
router.register("cis", CIViewSet, basename="ci")
router.register("services", ServiceViewSet, basename="service")
router.register("people", people.PersonViewSet, basename="person")
router.register("organizations", people.OrganizationViewSet, basename="organization")
router.register("sites", people.SiteViewSet, basename="site")
router.register("groups", people.SupportGroupViewSet, basename="group")

app_name = "api"
urlpatterns = [
    path("me/", people.Me.as_view(), name="me"),
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]),
        name="schema",
    ),
    path("mail/", ReceiveMail.as_view(), name="mail"),
    path("", include(router.urls)),
]
