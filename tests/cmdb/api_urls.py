"""The addresses of this app's API, beside all pages."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from cmdb.api import CIViewSet, ServiceViewSet
from itsm.urls import urlpatterns as pages

router = DefaultRouter()
router.register("cis", CIViewSet, basename="ci")
router.register("services", ServiceViewSet, basename="service")
urlpatterns = [*pages, path("test-api/", include(router.urls))]
