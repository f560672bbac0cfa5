"""The desk's own words that mean the same, for the readers' search."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from stories.models.fields import LineField


class WordGroup(models.Model):
    """Words that mean the same to readers who search: whoever looks for one finds the others."""

    words = LineField(
        max_length=300,
        unique=True,
        help_text="With commas between them: Eastmere Council, EMC, town hall. A group takes the place of "
        "each that comes with the site and has one of these words; a word alone has no others.",
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["words"]
        verbose_name = "words that mean the same"
        verbose_name_plural = "words that mean the same"
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="word_group_has_words")]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Raise ValidationError when one of the words has no letter or figure in it."""
        if not all(any(map(str.isalnum, word)) for word in self.words.split(",")):
            raise ValidationError({"words": "Each word has a letter or a figure; commas stand between them."})
