from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = "On the Record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from stories import checks, databases, visibility  # noqa: F401  (checks registers itself)
        from stories.search import schema

        connection_created.connect(databases.without_jit)
        pre_migrate.connect(schema.before_migrate, sender=self)
        pre_migrate.connect(visibility.before_migrate, sender=self)
        post_migrate.connect(schema.after_migrate, sender=self)
        post_migrate.connect(visibility.after_migrate, sender=self)
