"""Everything that a newsroom has and readers may not see, each thing with a word found nowhere else."""

import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from stories.actions.imports import import_copy
from stories.actions.stories import pending
from stories.actions.stories.edit_conflicts import mark_of
from stories.importing.runs import Options
from stories.models import (
    Appearance,
    Article,
    Author,
    Contradiction,
    Correction,
    FrontPlace,
    Membership,
    OtherName,
    Politician,
    VerdictChange,
)
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    EvidenceFactory,
    PartyFactory,
    PoliticianFactory,
    UserFactory,
    appearance_of,
)
from stories.tests.pictures import picture

# No output for readers may hold this, in a name, a slug, a headline or a quotation.
SECRET = "quagsecret"


def plant_secrets(*, beside: Article | None = None) -> None:
    """Drafts, scheduled and withdrawn stories, claims not accepted or without a public story, people not
    confirmed or merged, corrections not made; some of it about public people and on the public story
    `beside`."""
    public = PoliticianFactory(name="Public Person")
    unconfirmed = PoliticianFactory(name=f"Unconfirmed {SECRET}", confirmed=False, role=SECRET)
    unconfirmed.portrait.save("a.png", ContentFile(picture(40, 40)), save=False)
    unconfirmed.portrait_alt = SECRET
    unconfirmed.save()
    merged = PoliticianFactory(name=f"Merged {SECRET}", merged_into=public, summary=SECRET)
    Membership.objects.create(politician=unconfirmed, role=SECRET)
    OtherName.objects.create(politician=unconfirmed, name=f"Other {SECRET}")
    PoliticianFactory(confirmed=False, party=PartyFactory(name=f"Party {SECRET}"))
    for number, trait in enumerate(("draft", "in_review", "scheduled", "withdrawn"), start=1):
        story = ArticleFactory(
            headline=f"Story {SECRET} {number}",
            standfirst=f"About {SECRET}.",
            plain=f"Somebody said: “the {SECRET} number {number} is kept”.\n\nIt was.",
            embargo_note=SECRET,
            search_title=f"Found {SECRET}",
            search_description=f"Found about {SECRET}.",
            authors=[AuthorFactory(name=f"Author {SECRET} {number}")],
            tags=[f"{SECRET} topic {number}"],
            **{trait: True},
        )
        story.lead_image.save("a.png", ContentFile(picture(40, 40)), save=False)
        story.lead_image_alt = SECRET
        story.save()
        claim = ClaimFactory(speaker=public, wording=f"the {SECRET} number {number} is kept")
        appearance_of(claim, story)
        FrontPlace.objects.create(place=number, article=story)
        Correction.objects.create(article=story, text=f"Not {SECRET}.", made_at=timezone.now())
    plant_claims(public, unconfirmed, merged, beside)
    if beside is not None:
        later = timezone.now() + datetime.timedelta(days=1)
        Correction.objects.create(article=beside, text=f"A draft of {SECRET}.", made_at=None)
        Correction.objects.create(article=beside, text=f"Later: {SECRET}.", made_at=later)
        Article.objects.filter(pk=beside.pk).update(embargo_note=SECRET)
        plant_changes(beside)
    Author.objects.create(name=f"Idle {SECRET}", user=UserFactory(username=SECRET))


def plant_changes(story: Article) -> None:
    """Changes to every field of a published story, saved and not published."""
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    words = (
        *("headline", "standfirst", "lead_image_alt", "lead_image_caption", "lead_image_credit", "source"),
        *("search_title", "search_description"),
    )
    for name in words:
        setattr(row, name, f"Changed {SECRET}")
    row.slug = f"changed-{SECRET}"
    row.body = f"{row.body}<p>Somebody added: “the {SECRET} is kept”.</p>"
    row.lead_image = ContentFile(picture(40, 40), f"{SECRET}.png")
    pending.save(
        article=row,
        fields={*words, "slug", "body", "lead_image", "authors", "tags"},
        opened=opened,
        by=None,
        authors=[AuthorFactory(name=f"Author of changes {SECRET}").pk],
        tags=[f"{SECRET} of changes"],
    )


def plant_copy(folder: Path) -> None:
    """Copy imported to be published: what says that it is no story yet, and what a comment holds in one that
    is. `folder` takes the files."""
    said = "“The toll is fair for all,” said Ada Lowther, the Labour MP."
    (folder / "held.md").write_text(
        f"---\ntitle: Copy {SECRET}\ndraft: true\n---\n{SECRET} copy.\n\n{said}\n"
    )
    (folder / "comment.md").write_text(
        f"---\ntitle: A comment stands in it\n---\n<!-- {SECRET}: call back -->\n{said}\n\n"
        f"<!--\n{SECRET}\n-->\n"
    )
    import_copy.import_copy(paths=[str(folder)], by=None, options=Options(publish=True, accept_above=0.5))
    assert Article.objects.published().filter(headline="A comment stands in it").exists()
    assert Article.objects.filter(status="draft", headline=f"Copy {SECRET}").exists()


def plant_claims(
    public: Politician, unconfirmed: Politician, merged: Politician, beside: Article | None
) -> None:
    """Claims no reader may see in a public story; and public ones about people no reader may see."""
    host = ArticleFactory(
        headline="A public host",
        plain=(
            "Proposed: first words here.\n\nRejected: second words here.\n\nLost: third words here."
            "\n\nAccepted: fourth words here.\n\nUnrated: fifth words here.\n\nWithdrawn: sixth words here."
        ),
    )
    wordings = ("first words here", "second words here", "third words here", "fourth words here")
    proposed = ClaimFactory(wording=wordings[0], proposed=True, speaker=public, tags=[f"{SECRET} one"])
    rejected = ClaimFactory(wording=wordings[1], rejected=True, speaker=public, tags=[f"{SECRET} two"])
    lost = ClaimFactory(wording=wordings[2], speaker=public, tags=[f"{SECRET} three"])
    seen = ClaimFactory(
        wording=wordings[3], speaker=None, speaker_label="a keeper", about=[unconfirmed, merged]
    )
    by_unconfirmed = ClaimFactory(wording=wordings[3], speaker=unconfirmed)
    hidden = {"speaker_role": SECRET, "outlet": f"the {SECRET} Post", "attribution": SECRET}
    appearance_of(proposed, host, **hidden)
    appearance_of(rejected, host, **hidden)
    appearance_of(lost, host, state=Appearance.State.LOST, **hidden)
    appearance_of(seen, host, attribution="a keeper")
    appearance_of(by_unconfirmed, host, attribution="a visitor")
    for other in (proposed, rejected, lost):
        other.wording = f"{SECRET} words of claim {other.pk}"
        other.save()
        Contradiction.objects.create(
            first=min(seen, other, key=lambda claim: claim.pk),
            second=max(seen, other, key=lambda claim: claim.pk),
            note=SECRET,
            confirmed_at=timezone.now(),
        )
    plant_notes(host)
    if beside is not None:
        words = beside.text.split("\n\n")[0].strip()
        label = f"Label {SECRET}"
        proposed = ClaimFactory(wording=words, proposed=True, speaker=None, speaker_label=label)
        appearance_of(proposed, beside, **hidden)


def plant_notes(host: Article) -> None:
    """What a fact-checker wrote about public claims without a verdict: none yet, or none any more."""
    for wording, history in (("fifth words here", [""]), ("sixth words here", ["true", "", ""])):
        claim = ClaimFactory(
            wording=wording,
            rating_summary=f"In short: {SECRET}.",
            explanation=f"<p>Asked in confidence: {SECRET}.</p>",
            methodology=f"Asked the {SECRET}.",
            checked_at=timezone.now(),
        )
        EvidenceFactory(claim=claim, url=f"https://{SECRET}.example/", title=f"Minutes {SECRET}", note=SECRET)
        for rating in history:
            summary = "So it seemed." if rating else f"Note: {SECRET}."
            VerdictChange.objects.create(claim=claim, rating=rating, summary=summary)
        # The step that withdrew a verdict says why, and readers see it.
        withdrawn = claim.verdict_changes.filter(rating="").order_by("made_at", "pk").first()
        if len(history) > 1 and withdrawn is not None:
            VerdictChange.objects.filter(pk=withdrawn.pk).update(summary="The figures were revised.")
        appearance_of(claim, host)
