"""Addresses of service levels, under /service-levels/. An agreement's step ends its address."""

from django.urls import path

from slm.views import agreements, dashboard, variations

app_name = "slm"
urlpatterns = [
    path("", dashboard.index, name="index"),
    path("clocks/", dashboard.clocks, name="clocks"),
    path("agreements/", agreements.index, name="agreements"),
    path("agreements/new/", agreements.new, name="agreement_new"),
    path("agreements/<str:number>/", agreements.detail, name="detail"),
    path("agreements/<str:number>/edit/", agreements.edit, name="agreement_edit"),
    path("agreements/<str:number>/variations/new/", variations.new, name="variation_new"),
    path("variations/", variations.index, name="variations"),
    path("variations/<str:variation>/", variations.detail, name="variation"),
    path("variations/<str:variation>/edit/", variations.edit, name="variation_edit"),
    path("variations/<str:variation>/<slug:name>/", variations.step, name="variation_step"),
    path("agreements/<str:number>/<slug:name>/", agreements.step, name="agreement_step"),
]
