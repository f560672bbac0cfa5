"""App configuration: connects signal handlers and system checks."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, post_migrate, pre_migrate


class StoriesConfig(AppConfig):
    """The newsroom app."""

    name = "stories"
    verbose_name = "On the Record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the handlers of new connections, deletions and migrations."""
        from taggit.models import Tag

        from stories import checks, logs  # noqa: F401  (registers the checks)
        from stories.database import availability, public_from
        from stories.models.slugs import Slugged, keep_slug
        from stories.search import schema

        connection_created.connect(availability.use_check)
        connection_created.connect(availability.without_jit)
        connection_created.connect(logs.time_queries)
        for model in (*Slugged.__subclasses__(), Tag):
            post_delete.connect(keep_slug, sender=model)
        pre_migrate.connect(schema.before_migrate, sender=self)
        pre_migrate.connect(public_from.before_migrate, sender=self)
        post_migrate.connect(schema.after_migrate, sender=self)
        post_migrate.connect(public_from.after_migrate, sender=self)
