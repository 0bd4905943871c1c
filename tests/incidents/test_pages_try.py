import pytest
from tests.incidents.pages import *
from tests.world import promise
from incidents.actions import lifecycle, messages
def test_try(world):
    promise(world, ("response", 1), ("update", 4), ("resolution", 8), calendar=world.always)
    inc = report(world, description="从今天开始 VPN 连不上\n\nINC-000001 https://x.example/a?b=1", category=world.vpn)
    messages.reply(inc, by=world.agent, body="Hello <b>x</b>")
    inc = lifecycle.hold(inc.__class__.objects.get(pk=inc.pk), by=world.agent, reason=reason("wait_customer"))
    for p in (world.agent, world.agent2):
        r = page(signed_in(p), inc)
        assert r.status_code == 200
        open(f"/tmp/page_{p.code}.html","w").write(r.content.decode())
    c = signed_in(world.agent)
    n = inc.number
    for t in ["feed/?after=0","clocks/","impact/","links/","nearby/","time/","people/","documents/","notices/","cis/new/","links/new/","tasks/new/","time/new/","people/new/"]:
        for cl in (c, htmx(world.agent)):
            r = cl.get(f"/records/{n}/{t}")
            assert r.status_code == 200, (t, r.status_code)
    for t in ["assign","hold","escalate","resolve","confirm","reject","cancel","declare-major","broadcast","end-major","merge","unmerge","times","priority"]:
        for cl in (c, htmx(world.agent)):
            r = cl.get(f"/incidents/{n}/{t}/")
            assert r.status_code == 200, (t, r.status_code)
    for t in ["title", "category", "service", "ci", "incident_kind", "confidentiality", "users_affected"]:
        for cl in (c, htmx(world.agent)):
            r = cl.get(f"/incidents/{n}/edit/{t}/")
            assert r.status_code in (200,403), (t, r.status_code)
