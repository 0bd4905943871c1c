"""Articles, their versions, and what readers did with them. Models know; knowledge.actions do."""

from knowledge.models.articles import Article, ArticleVersion
from knowledge.models.readers import ArticleUse, Deflection, Reading, SearchNote, Vote

__all__ = [
    "Article",
    "ArticleUse",
    "ArticleVersion",
    "Deflection",
    "Reading",
    "SearchNote",
    "Vote",
]
