"""The product's addresses with those of notices, whichever other pages are mounted."""

from django.urls import include, path

from itsm import urls as product

handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500
urlpatterns = [
    path("", include(("servicedesk.urls.notices", "servicedesk"))),
    *product.urlpatterns,
]
