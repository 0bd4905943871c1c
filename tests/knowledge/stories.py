"""Articles as tests need them: written, published, by people of tests/world.py."""

from knowledge.actions import lifecycle, writing


def draft(
    world, title="VPN says expired", body="Restart the laptop.", *, by=None, groups=(), **details
):
    """A draft in English; `zh=(title, body)` adds Chinese."""
    texts = {"title_en": title, "body_en": body}
    if chinese := details.pop("zh", None):
        texts |= {"title_zh": chinese[0], "body_zh": chinese[1]}
    details.setdefault("audience", "portal")
    return writing.write(by=by or world.agent, texts=texts, details=details, groups=groups)


def submitted(world, *args, **kwargs):
    article = draft(world, *args, **kwargs)
    return lifecycle.submit(article, by=article.owner)


def published(world, *args, **kwargs):
    article = submitted(world, *args, **kwargs)
    publisher = world.specialist if article.owner_id != world.specialist.pk else world.lead
    return lifecycle.publish(article, by=publisher)
