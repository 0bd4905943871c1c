"""Addresses of what every record shares, whatever its kind. Mounted at /records/."""

from django.urls import path

from slm.views import referrals, routing, work, work_rail

app_name = "work"
urlpatterns = [
    path("pick/", work.pick, name="pick"),
    path("pick/members/", work.pick_members, name="pick_members"),
    path("documents/<uuid:public_id>/", work.document, name="document"),
    path("<str:number>/", work.find_page, name="find"),
    path("<str:number>/feed/", work.feed, name="feed"),
    path("<str:number>/say/", work.say, name="say"),
    path("<str:number>/routing/", routing.why, name="routing"),
    path("<str:number>/clocks/", work.clock_table, name="clocks"),
    path("<str:number>/entries/<int:seq>/redact/", work.redact, name="redact"),
    path("<str:number>/impact/", work_rail.impact, name="impact"),
    path("<str:number>/cis/new/", work_rail.add_ci, name="add_ci"),
    path("<str:number>/cis/<int:pk>/remove/", work_rail.remove_ci, name="remove_ci"),
    path("<str:number>/links/", work_rail.links, name="links"),
    path("<str:number>/links/new/", work_rail.add_link, name="add_link"),
    path("<str:number>/links/<int:pk>/remove/", work_rail.remove_link, name="remove_link"),
    path("<str:number>/nearby/", work_rail.nearby, name="nearby"),
    path("<str:number>/tasks/new/", work_rail.add_task, name="add_task"),
    path("<str:number>/tasks/<int:pk>/<slug:step>/", work_rail.move_task, name="move_task"),
    path("<str:number>/referrals/", referrals.index, name="referrals"),
    path("<str:number>/referrals/new/", referrals.new, name="refer"),
    path("<str:number>/referrals/<int:pk>/<slug:name>/", referrals.step, name="referral_step"),
    path("<str:number>/time/", work_rail.time_spent, name="time"),
    path("<str:number>/time/new/", work_rail.log_time, name="log_time"),
    path("<str:number>/people/", work_rail.people, name="people"),
    path("<str:number>/people/new/", work_rail.add_person, name="add_person"),
    path("<str:number>/people/<int:pk>/remove/", work_rail.remove_person, name="remove_person"),
    path("<str:number>/watch/", work_rail.watch, name="watch"),
    path("<str:number>/unwatch/", work_rail.unwatch, name="unwatch"),
    path("<str:number>/documents/", work_rail.documents, name="documents"),
    path("<str:number>/attach/", work_rail.attach, name="attach"),
    path("<str:number>/notices/", work_rail.notices, name="notices"),
]
