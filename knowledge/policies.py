"""Who may read, write, review and publish an article (ITSM domain rules 4.6, 7.2)."""

from django.apps import apps
from django.db.models import Q

from people.roles import Role


def is_internal(person):
    """Works here, and not only for a supplier."""
    return person.access.is_agent and not person.access.is_supplier_only


def can_write(_article, person):
    """Whoever works here may begin an article; auditors change nothing."""
    return is_internal(person) and not person.access.is_auditor_only


def can_manage(_article, person):
    """The knowledge manager's steps."""
    return person.access.is_superuser or person.access.has_role(Role.KM)


def reviews(access):
    """Reviews in general: the knowledge manager, specialists, leads, and who works in a second
    or third line."""
    if access.is_auditor_only or access.is_supplier_only:
        return False
    if access.is_superuser or access.has_role(Role.KM, Role.SP2, Role.LEAD):
        return True
    return bool(access.group_ids - access.desk_ids)


def can_review(article, person):
    return reviews(person.access)


def can_publish(article, person):
    """Four eyes: whoever wrote a part of what is not yet public does not publish it."""
    return can_review(article, person) and person.pk not in article.open_author_ids


def can_send_back(article, person):
    return can_review(article, person)


def can_edit(article, person):
    """One's own; any for those who review."""
    if not can_write(article, person):
        return False
    return can_review(article, person) or is_own(article, person)


def is_own(article, person):
    return article.owner_id == person.pk or person.pk in article.author_ids


def can_change_details(article, person):
    """To whom and where it shows: of a public article only who may publish decides."""
    return can_edit(article, person) and (article.published_no is None or reviews(person.access))


def can_flag(_article, person):
    """Anybody who works here may say that it is out of date."""
    return can_write(None, person)


def can_read_drafts(article, person):
    """Versions that are not public: their authors, who reviews, and who reads everything."""
    access = person.access
    return access.reads_everything or reviews(access) or is_own(article, person)


def can_see_figures(_subject, person):
    """What was searched for in vain, and how often no ticket was needed."""
    return is_internal(person)


def articles_for(person):
    """Public ones: portal articles for all, internal ones for those who work here, restricted ones
    for their groups. What is not public: its authors, and who reviews what they may read.

    Only columns of Record and subqueries, so that lists of all kinds may ask it.
    """
    access = person.access
    if access.is_superuser or access.reads_everything or access.has_role(Role.KM):
        return Q()
    Article = apps.get_model("knowledge", "Article")
    ArticleVersion = apps.get_model("knowledge", "ArticleVersion")
    meant_for = Q(is_on_portal=True)
    if access.is_agent and not access.is_supplier_only:
        meant_for |= Q(confidentiality="normal")
    if access.all_group_ids:
        named = Article.groups.through.objects.filter(supportgroup_id__in=access.all_group_ids)
        meant_for |= Q(pk__in=named.values("article_id"))
    if not reviews(access):
        public = Article.objects.filter(published_no__isnull=False)
        meant_for &= Q(pk__in=public.values("pk")) & ~Q(phase="closed")
    own = ArticleVersion.objects.filter(author_id=person.pk).values("article_id")
    return meant_for | Q(owner_id=person.pk) | Q(pk__in=own)
