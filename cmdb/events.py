"""What configuration management announces (stored words)."""


class CIVerb:
    CREATED = "ci.created"
    VERSION_ADDED = "ci.version_added"
    STATE_CHANGED = "ci.state_changed"
    STATUS_CHANGED = "ci.status_changed"
    RELATED = "ci.related"
    UNRELATED = "ci.unrelated"


class ServiceVerb:
    STATE_CHANGED = "service.state_changed"
