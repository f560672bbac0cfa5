"""What was imported, when, by whom, and enough of it to undo."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from stories.models.articles import Article
from stories.text.moments import moment


class ImportRun(models.Model):
    """One import. A run that finds nothing new leaves no row; one that was killed is taken up again
    by the next run over the same paths with the same options, so both end as one clean run."""

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    paths = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True, help_text="When undoing it began.")
    undo_finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "import"
        ordering = ["-started_at", "-pk"]
        permissions = [
            ("run_import", "Can import copy"),
            ("undo_import", "Can undo an import"),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk} of {moment(timezone.localtime(self.started_at))}"


class ImportedText(models.Model):
    """One file of an import: what became of it, and what is needed to take that back."""

    class Outcome(models.TextChoices):
        CREATED = "created", "Created"
        UPDATED = "updated", "Updated"
        KEPT = "kept", "Kept as edited"
        FAILED = "failed", "Failed"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="texts")
    file = models.CharField(max_length=1000, help_text="The file’s name as given, or “-”.")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    encoding = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    message = models.TextField(blank=True)
    article = models.ForeignKey(
        Article,
        verbose_name="story",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imported_texts",
    )
    before = models.JSONField(
        null=True, blank=True, editable=False, help_text="What an update replaced, so that it can be undone."
    )
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "imported file"
        ordering = ["run", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "file"], name="imported_text_once_a_run")]

    def __str__(self) -> str:
        return f"{self.file}: {self.get_outcome_display()}"


class ImportJob(models.Model):
    """Copy that waits to be imported, or is on its way in: uploaded, or put there by `import_seeds --queue`.

    It is tried out until `begun_at`, and imported under `run` from then on. Its `total` files are in the
    database, so that every machine that has the database can read them. `moved_at` is when it last got on.
    """

    token = models.CharField(max_length=40, unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    options = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    run = models.OneToOneField(
        ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="job"
    )
    created_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "waiting import"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Copy of {moment(timezone.localtime(self.created_at))}"


class ImportJobFile(models.Model):
    """One file of a waiting import, in the order in which they are filed.

    `data` are its bytes, unless `problem` says why it is not read; `tries` says how often reading it began.
    `reading` is what was read in it, as JSON; `tried` is what an import would make of it, and `outcome` and
    `entry` what it made. Bytes and reading are dropped when the file is in.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="files")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=1000)
    key = models.CharField(max_length=1000)
    suffix = models.CharField(max_length=20, blank=True)
    problem = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    data = models.BinaryField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reading = models.TextField(blank=True)
    tried = models.JSONField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    entry = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = "waiting file"
        ordering = ["job", "number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="import_job_file_number")]
        indexes = [
            models.Index(
                fields=["job", "number"], condition=models.Q(outcome=""), name="import_job_file_left"
            ),
            models.Index(
                fields=["job", "number"],
                condition=models.Q(outcome="", reading=""),
                name="import_job_file_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.name
