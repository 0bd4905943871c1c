"""Addresses of signing in and out, and of people, groups and organisations."""

from django.urls import include, path

from people import views, views_people, views_pickers, views_profile

app_name = "people"
account = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.language, name="language"),
    path("profile/", views_profile.profile, name="profile"),
    path("profile/password/", views_profile.password, name="own_password"),
]

people = [
    path("", views_people.index, name="index"),
    path("new/", views_people.new, name="new"),
    path("pick/", views_pickers.people, name="pick"),
    path("<int:pk>/", views_people.detail, name="detail"),
    path("<int:pk>/edit/", views_people.edit, name="edit"),
    path("<int:pk>/history/", views_people.changes, name="history"),
    path("<int:pk>/password/", views_people.password, name="password"),
    path("<int:pk>/roles/", views_people.grant, name="grant"),
    path("<int:pk>/roles/<int:role>/withdraw/", views_people.withdraw, name="withdraw"),
    path("<int:pk>/keys/", views_people.issue, name="issue"),
    path("<int:pk>/keys/<int:token>/revoke/", views_people.revoke, name="revoke"),
    path("<int:pk>/leave/", views_people.leave, name="leave"),
    path("<int:pk>/come-back/", views_people.come_back, name="come_back"),
]
urlpatterns = [
    path("account/", include(account)),
    path("people/", include(people)),
    path("groups/pick/", views_pickers.groups, name="pick_groups"),
    path("organizations/pick/", views_pickers.organizations, name="pick_organizations"),
]
