"""A small newsroom in which everybody does anything in any order, checked after every act."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from taggit.models import Tag

from stories.actions import permissions, reanchoring
from stories.actions.claims import creation, placing, ratings_and_corrections, review, review_queue
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.imports import import_copy
from stories.actions.people import confirmation, merging
from stories.actions.stories import (
    edit_conflicts,
    pending,
    pending_versions,
    publishing,
    quotation_guard,
    revisions,
    saving,
)
from stories.actions.topics import tagging
from stories.importing.runs import Options
from stories.models import (
    Act,
    Appearance,
    Article,
    Claim,
    Correction,
    ImportRun,
    PersonMerge,
    Politician,
    UnsavedCopy,
)
from stories.tests import factories as make
from stories.tests.promise import oracle
from stories.text import anchors, richtext

REFUSALS = (NotAllowed, NotReady, Stale, saving.QuotationsHeld)
PEOPLE = ("Ada Lowther", "Bram Corran", "A. Lowther")
SAYINGS = (
    "We will hold the harbour wall until spring",
    "the ferry is safe",
    "Nobody in Eastmere was asked about the toll bridge",
)
PLAIN = (
    "The council met to talk about other things.",
    "It rained on the quay for most of the day.",
    "Nothing else was said in public.",
)
EDITOR, FACT_CHECKER, REPORTER = "editor", "fact-checker", "reporter"
GROUPS = {EDITOR: permissions.EDITOR, FACT_CHECKER: permissions.FACT_CHECKER, REPORTER: permissions.REPORTER}

who = st.sampled_from([EDITOR, EDITOR, FACT_CHECKER, REPORTER])
deciders = st.sampled_from([EDITOR, FACT_CHECKER])
nth = st.integers(0, 11)
EDITS = (
    "insert delete move copy reword trim new speaker deny reorder case plain twin swap replace all".split()
)


def claim_in(story: Article, paragraph: str, speaker: Politician, *, proposed: bool) -> None:
    words = paragraph[1 : paragraph.index("”")].rstrip(",")
    state = Claim.State.PROPOSED if proposed else Claim.State.ACCEPTED
    claim = Claim.objects.filter(speaker=speaker, wording=words).first() or make.ClaimFactory(
        speaker=speaker, wording=words, state=state
    )
    at = story.text.index(paragraph) + 1
    appearance = Appearance(
        claim=claim, article=story, exact=words, start=0, end=1, attribution=speaker.name, outlet="the Post"
    )
    reanchoring.put(appearance=appearance, spans=[(at, at + len(words))])


def check(told: set[int]) -> None:
    oracle.check_places(PEOPLE, told)
    oracle.check_kept_columns()


class Newsroom(RuleBasedStateMachine):
    """Each rule is one act of one person through the desk's own functions. What the desk refuses it refuses
    with one of REFUSALS; any other exception fails the program.

    Call `furnish` once, in a transaction: every program begins with what it makes, and leaves that behind.
    """

    users: dict[str, User]
    hidden: oracle.Hidden
    now: oracle.State  # as the last act left it
    made = 0

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.folder = Path(tempfile.mkdtemp())
        self.client = Client()
        self.opened: dict[tuple[str, int], Article] = {}
        # What was done and can be taken back: (kind, number) -> the states before and after.
        self.acts: dict[tuple[str, int], tuple[oracle.State, oracle.State]] = {}
        self.step = "begin"
        self.noted: set[int] = set()  # appearances whose sentence had changed before their claim was accepted
        self.to_check = False  # something was written since the last check

    def teardown(self) -> None:
        try:
            oracle.check_lists(self.client, oracle.hidden(), oracle.every_address()[self.made % 7 :: 7])
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @classmethod
    def furnish(cls) -> None:
        """Three people, three stories of which one is a draft, the claims in them, and who works here."""
        permissions.set_up_roles()
        cls.users = {name: make.UserFactory(username=name) for name in GROUPS}
        for name, group in GROUPS.items():
            cls.users[name].groups.add(Group.objects.get(name=group))
        people = [make.PoliticianFactory(name=name, confirmed=name != PEOPLE[2]) for name in PEOPLE]
        for number in range(3):
            said = [cls.sentence(SAYINGS[n % 2], PEOPLE[(number + n) % 3]) for n in range(3)]
            parts = [PLAIN[0], said[0], PLAIN[1], said[1], said[2]]
            story = make.ArticleFactory(
                headline=f"Harbour {cls.token()} number {number}",
                plain="\n\n".join(parts),
                tags=["harbours", "ferries"][: number + 1],
                **({} if number else {"draft": True}),
            )
            for n, paragraph in enumerate(said):
                claim_in(story, paragraph, people[(number + n) % 3], proposed=n == 2 or number == 2)
        cls.now, cls.hidden = oracle.state(), oracle.hidden()
        check(set())
        oracle.check_hidden(Client(), cls.hidden, oracle.Hidden({}, {}, frozenset()))

    # What the rules are made of

    @classmethod
    def number(cls) -> int:
        """Another each time, so that no two sentences and no two headlines are the same."""
        Newsroom.made += 1
        return Newsroom.made

    @classmethod
    def token(cls) -> str:
        return f"zq{cls.number()}x"

    @classmethod
    def sentence(cls, words: str, name: str) -> str:
        return f"“{words},” said {name} on day {cls.number()} of the talks."

    def pick(self, rows: Any, number: int) -> Any:
        found = list(rows)
        return found[number % len(found)] if found else None

    def story(self, number: int) -> Article | None:
        return self.pick(Article.objects.order_by("pk"), number)

    def claim(self, number: int) -> Claim | None:
        return self.pick(Claim.objects.order_by("pk"), number)

    def person(self, number: int) -> Politician | None:
        return self.pick(Politician.objects.order_by("pk"), number)

    def act(
        self, name: str, do: Callable[[], Any], *, key: Callable[[Any], tuple[str, int]] | None = None
    ) -> Any:
        """Do it, as a request would: what is refused leaves nothing behind. Returns None then."""
        self.step = name
        before = self.now
        try:
            with transaction.atomic():
                done = do()
        except REFUSALS as refusal:
            self.refused(refusal)
            return None
        self.to_check = True
        self.now = oracle.state()
        oracle.check_frame(name, before, self.now)
        if key is not None:
            self.acts[key(done)] = (before, self.now)
        return done

    def refused(self, refusal: Exception) -> None:
        """A refusal is a sentence, and nothing is written."""
        assert str(refusal).endswith((".", "?"))
        assert not list(oracle.differences(self.now, oracle.state())), ("refused, and written", self.step)

    def take_back(self, key: tuple[str, int], do: Callable[[], Any]) -> None:
        since = self.now
        self.step = f"take back {key[0]}"
        try:
            with transaction.atomic():
                do()
        except REFUSALS as refusal:
            self.refused(refusal)
            return
        self.to_check = True
        self.now = oracle.state()
        if key in self.acts:
            oracle.check_taken_back(*self.acts.pop(key), since, self.now)

    # Writing

    @rule(
        by=who,
        n=nth,
        edit=st.sampled_from(EDITS),
        a=nth,
        b=nth,
        answer=st.sampled_from(["", "stays", "goes"]),
    )
    def edits(self, by: str, n: int, edit: str, a: int, b: int, answer: str) -> None:
        story = self.story(n)
        if story is not None:
            self.save(by, story, self.edited(story.text, edit, a, b), edit_conflicts.mark_of(story), answer)

    def save(self, by: str, story: Article, text: str, opened: str, answer: str = "") -> None:
        story.body = richtext.from_text(text)

        def do() -> Any:
            reasons: dict[int, quotation_guard.Reason] = {}
            try:
                with transaction.atomic():
                    return saving.save(article=story, fields={"body"}, opened=opened, by=self.users[by])
            except saving.QuotationsHeld as held:
                if not answer:
                    raise
                reasons = {
                    one.appearance.pk: quotation_guard.Reason("Misheard.", answer == "stays")
                    for one in held.held
                }
            return saving.save(
                article=story, fields={"body"}, opened=opened, by=self.users[by], reasons=reasons
            )

        self.act("edit", do)

    def edited(self, text: str, edit: str, a: int, b: int) -> str:
        parts = [part for part in text.split("\n\n") if part] or [PLAIN[0]]
        at, to = a % len(parts), b % (len(parts) + 1)
        part = parts[at]
        quoted = "”" in part
        match edit:
            case "insert":
                parts.insert(to, f"{PLAIN[b % 3]} Paragraph {self.token()}.")
            case "delete":
                del parts[at]
            case "move":
                parts.insert(to, parts.pop(at))
            case "copy":
                parts.insert(to, part)
            case "twin":
                parts.insert(to, self.sentence(SAYINGS[a % 3], PEOPLE[b % 3]))
            case "reword" if quoted:
                parts[at] = (
                    part.replace("spring", "summer").replace("safe", "unsafe").replace("asked", "told")
                )
            case "trim" if quoted:
                parts[at] = part.replace("“We will ", "“We ").replace("the ferry", "ferry")
            case "case" if quoted:
                parts[at] = part.replace("“the", "“The").replace("“We", "“[we]").replace("Nobody", "nobody,")
            case "new" | "speaker" if quoted:
                name = PEOPLE[b % 3]
                for other in PEOPLE:
                    part = part.replace(f"said {other} on", f"said {name} on")
                parts[at] = part
            case "deny" if quoted:
                parts[at] = part.replace("” said ", "” was never said by ")
            case "swap" if len(parts) > 1:
                parts[at], parts[to % len(parts)] = parts[to % len(parts)], parts[at]
            case "reorder":
                parts.reverse()
            case "plain":
                parts[at] = part.replace("council", "committee").replace("quay", "pier")
            case "replace":
                parts[at] = PLAIN[b % 3]
            case "all":
                parts = [
                    PLAIN[b % 3],
                    *(self.sentence(SAYINGS[(a + i) % 3], PEOPLE[(b + i) % 3]) for i in (0, 1)),
                ]
        return "\n\n".join(parts)

    @rule(by=who, n=nth)
    def opens(self, by: str, n: int) -> None:
        if (story := self.story(n)) is not None:
            self.opened[by, story.pk] = story

    @precondition(lambda self: self.opened)
    @rule(n=nth, edit=st.sampled_from(EDITS), a=nth, b=nth, answer=st.sampled_from(["", "stays", "goes"]))
    def saves_what_was_opened(self, n: int, edit: str, a: int, b: int, answer: str) -> None:
        """A save of a form that was opened a while ago: where somebody saved since, both are put together."""
        by, pk = self.pick(sorted(self.opened), n)
        old = self.opened.pop((by, pk))
        if not Article.objects.filter(pk=pk).exists():
            return
        opened = edit_conflicts.mark_of(old)
        text = self.edited(old.text, edit, a, b)
        row = Article.objects.get(pk=pk)
        if edit_conflicts.mark_of(row) == opened:
            self.save(by, row, text, opened, answer)
            return
        row.body = richtext.from_text(text)
        try:
            with transaction.atomic():
                saving.save(article=row, fields={"body"}, opened=opened, by=self.users[by])
            raise AssertionError("an old form was saved over a newer story")
        except REFUSALS as refusal:
            self.refused(refusal)
        row = Article.objects.get(pk=pk)
        row.body = richtext.from_text(text)
        both = edit_conflicts.merged(article=row, opened=opened)
        self.save(by, Article.objects.get(pk=pk), richtext.to_text(both.body), both.mark, answer)

    @rule(by=who, n=nth, field=st.sampled_from(["standfirst", "dateline", "source"]))
    def writes_a_field(self, by: str, n: int, field: str) -> None:
        if (story := self.story(n)) is None:
            return
        opened = edit_conflicts.mark_of(story)
        value: Any = timezone.now().date() if field == "dateline" else f"Words {self.token()}"
        setattr(story, field, value)
        self.act(
            f"write {field}",
            lambda: saving.save(article=story, fields={field}, opened=opened, by=self.users[by]),
        )

    @rule(
        by=who,
        n=nth,
        edit=st.sampled_from(EDITS),
        a=nth,
        b=nth,
        answer=st.sampled_from(["", "stays", "goes"]),
    )
    def saves_changes(self, by: str, n: int, edit: str, a: int, b: int, answer: str) -> None:
        """A save of the form of a story that readers see, or of one with changes that wait."""
        row = self.pick(filter(pending.takes_saves, Article.objects.order_by("pk")), n)
        if row is None:
            return
        story = pending_versions.show(row)
        opened = edit_conflicts.mark_of(story)
        story.headline = f"Harbour {self.token()} changed"
        story.body = richtext.from_text(self.edited(richtext.to_text(story.body), edit, a, b))
        asked: dict[str, Any] = {"article": story, "opened": opened, "by": self.users[by]}

        def do() -> Any:
            try:
                with transaction.atomic():
                    return pending.save(fields={"headline", "body"}, **asked)
            except saving.QuotationsHeld as held:
                if not answer:
                    raise
                why = quotation_guard.Reason("Misheard.", answer == "stays")
                reasons = {one.appearance.pk: why for one in held.held}
            return pending.save(fields={"headline", "body"}, reasons=reasons, **asked)

        self.act("save changes", do)

    @rule(by=who, n=nth, how=st.sampled_from(["minor", "update", "correction", "discard"]))
    def ends_changes(self, by: str, n: int, how: str) -> None:
        """Changes are published, alone or with a correction, or discarded."""
        story, user = (
            self.pick(Article.objects.filter(pending_version__isnull=False).order_by("pk"), n),
            self.users[by],
        )
        if story is None:
            return
        text = f"It was wrong, said {self.number()}."
        verbs: dict[str, Callable[[], Any]] = {
            "minor": lambda: pending.publish(article=story, by=user, minor=True),
            "update": lambda: pending.publish(article=story, by=user),
            "correction": lambda: ratings_and_corrections.publish_with_changes(
                correction=Correction(article=story, text=text), by=user
            ),
            "discard": lambda: pending.discard(article=story, by=user),
        }
        self.act("discard changes" if how == "discard" else "publish changes", verbs[how])

    # Publishing

    @rule(by=who, n=nth, verb=st.sampled_from("submit publish schedule withdraw return_to_draft".split()))
    def moves_a_story(self, by: str, n: int, verb: str) -> None:
        if (story := self.story(n)) is None:
            return
        user = self.users[by]
        later = timezone.now() + timezone.timedelta(days=2)
        verbs: dict[str, Callable[[], Any]] = {
            "submit": lambda: publishing.submit(article=story, by=user),
            "publish": lambda: publishing.publish(article=story, by=user),
            "schedule": lambda: publishing.publish(article=story, by=user, at=later),
            "withdraw": lambda: publishing.withdraw(article=story, by=user, reason="Legal."),
            "return_to_draft": lambda: publishing.return_to_draft(article=story, by=user),
        }
        self.act("publish", verbs[verb])

    @rule(by=deciders, n=nth)
    def deletes_a_story(self, by: str, n: int) -> None:
        if (story := self.story(n)) is not None and Article.objects.count() > 2 and by == EDITOR:
            saving.keep_first_state(article=story)
            self.act("delete story", story.delete)

    @rule(n=nth)
    def brings_a_story_back(self, n: int) -> None:
        if (gone := self.pick(revisions.deleted(), n)) is not None:
            self.act("bring back", lambda: revisions.bring_back(version=gone.pk, by=self.users[EDITOR]))

    # Reviewing

    @rule(
        by=deciders,
        n=nth,
        verb=st.sampled_from(
            ["accepted", "accepted", "rejected", "reassigned", "merged", "reworded", "split"]
        ),
        a=nth,
    )
    def decides_in_the_queue(self, by: str, n: int, verb: str, a: int) -> None:
        user = self.users[by]
        claim = review_queue.take(by=user, after=review_queue.Place("", n % 3))
        if claim is None:
            return
        words = claim.wording.split()
        options: dict[str, Any] = {
            "reassigned": {"speaker": self.person(a)},
            "merged": {"into": self.claim(a), "reason": "The same claim."},
            "reworded": {"words": " ".join(words[: max(2, len(words) - 1)])},
            "split": {"words": f"{' '.join(words[:3])}|{' '.join(words[3:])}"},
        }.get(verb, {})
        self.act(
            f"queue {verb}",
            lambda: review_queue.decide(claim=claim, by=user, verb=verb, **options),
            key=lambda decision: (f"decision of {by}", decision.pk),
        )

    @rule(by=deciders)
    def undoes_in_the_queue(self, by: str) -> None:
        latest = review_queue.latest(self.users[by])
        if latest is not None:
            self.take_back((f"decision of {by}", latest.pk), lambda: review_queue.undo(by=self.users[by]))

    @rule(by=who, n=nth, a=nth, verb=st.sampled_from("accept reject reopen reassign label merge".split()))
    def decides_a_claim(self, by: str, n: int, a: int, verb: str) -> None:
        claim, user = self.claim(n), self.users[by]
        if claim is None:
            return
        verbs: dict[str, Callable[[], Any]] = {
            "accept": lambda: review.accept(claim=claim, by=user),
            "reject": lambda: review.reject(claim=claim, by=user),
            "reopen": lambda: review.reopen(claim=claim, by=user),
            "reassign": lambda: review.reassign(claim=claim, by=user, speaker=self.person(a)),
            "label": lambda: review.reassign(claim=claim, by=user, speaker_label="a party source"),
            "merge": lambda: review.merge(claim=claim, into=self.claim(a), by=user, reason="The same claim."),
        }
        self.act(f"claim {verb}", verbs[verb])

    @rule(by=who, n=nth, rating=st.sampled_from(["false", "true", ""]))
    def gives_a_verdict(self, by: str, n: int, rating: str) -> None:
        if (claim := self.claim(n)) is not None:
            self.act(
                "rate",
                lambda: ratings_and_corrections.rate(
                    claim=claim,
                    by=self.users[by],
                    rating=rating,
                    summary=f"Because {self.token()}." if rating else "",
                    explanation=claim.explanation,
                    methodology=claim.methodology,
                ),
            )

    @rule(n=nth, field=st.sampled_from(["methodology", "said_on", "kind"]))
    def works_on_a_claim(self, n: int, field: str) -> None:
        if (claim := self.claim(n)) is None:
            return
        value: Any = {"said_on": timezone.now().date(), "kind": Claim.Kind.INDIRECT}.get(field, self.token())
        setattr(claim, field, value)
        self.act(f"claim {field}", lambda: claim.save(update_fields=[field]))

    @rule(by=who, n=nth, a=nth)
    def makes_a_claim(self, by: str, n: int, a: int) -> None:
        story = self.story(n)
        parts = [part for part in story.text.split("\n\n") if "” said " in part] if story else []
        if story is None or not parts:
            return
        part = parts[a % len(parts)]
        name = next((name for name in PEOPLE if f"said {name} on" in part), None)
        speaker = Politician.objects.filter(name=name).first()
        words = part[1 : part.index("”")].rstrip(",")
        at = story.text.index(part) + 1
        self.act(
            "make claim",
            lambda: creation.make(
                article=story,
                spans=[(at, at + len(words))],
                by=self.users[by],
                speaker=speaker,
                speaker_label="" if speaker else "a source",
                attribution=name or "",
            ),
        )

    @rule(by=who, n=nth)
    def takes_a_claim_out(self, by: str, n: int) -> None:
        if (appearance := self.pick(Appearance.objects.order_by("pk"), n)) is not None:
            self.act("take out", lambda: creation.take_out(appearance=appearance, by=self.users[by]))

    @rule(by=who, n=nth)
    def places_lost_words(self, by: str, n: int) -> None:
        """A person puts an appearance that is adrift on its words, where its own paragraph has them."""
        row = self.pick(
            Appearance.objects.needing_a_person().select_related("article", "claim").order_by("pk"), n
        )
        if row is None or row.further:
            return
        spans = [
            (at, end)
            for at, end in anchors.places_of(row.article.text, row.exact)
            if row.attribution and row.attribution in oracle.paragraph_at(row.article.text, at)
        ]
        if spans:
            self.act("place", lambda: self.place(row, spans[:1], self.users[by]))

    def place(self, row: Appearance, spans: list[tuple[int, int]], by: User) -> Any:
        return placing.place(
            appearance=row, spans=spans, opened=reanchoring.text_mark(row.article.text), by=by
        )

    # People and topics

    @rule(a=nth, b=nth)
    def merges_people(self, a: int, b: int) -> None:
        winner, loser = self.person(a), self.person(b)
        if winner is not None and loser is not None:
            self.act(
                "merge people",
                lambda: merging.merge(winner=winner, loser=loser, by=self.users[EDITOR]),
                key=lambda merge: ("merge of people", merge.pk),
            )

    @rule(n=nth)
    def parts_people(self, n: int) -> None:
        merge = self.pick(PersonMerge.objects.filter(undone_at__isnull=True).order_by("pk"), n)
        if merge is not None:
            self.take_back(
                ("merge of people", merge.pk), lambda: merging.unmerge(merge=merge, by=self.users[EDITOR])
            )

    @rule(n=nth, field=st.sampled_from(["summary", "role"]))
    def works_on_a_person(self, n: int, field: str) -> None:
        if (person := self.person(n)) is not None:
            setattr(person, field, f"Told {self.token()}")
            self.act(f"person {field}", lambda: person.save(update_fields=[field]))

    @rule(n=nth, yes=st.booleans())
    def confirms_a_person(self, n: int, yes: bool) -> None:
        if (person := self.person(n)) is not None:
            verb = confirmation.confirm if yes else confirmation.unconfirm
            self.act("confirm", lambda: verb(person=person, by=self.users[EDITOR]))

    @rule(
        by=who,
        n=nth,
        name=st.sampled_from(["harbours", "ferries", "bridges"]),
        on=st.booleans(),
        of=st.booleans(),
    )
    def tags_something(self, by: str, n: int, name: str, on: bool, of: bool) -> None:
        row = self.story(n) if of else self.claim(n)
        if row is not None:
            verb = tagging.put_on if on else tagging.take_off
            self.act("tag", lambda: verb(row=row, names=[name], by=self.users[by]))

    @rule(a=nth, b=nth)
    def merges_topics(self, a: int, b: int) -> None:
        tag, into = (self.pick(Tag.objects.order_by("pk"), number) for number in (a, b))
        if tag is not None and into is not None:
            self.act(
                "merge topics",
                lambda: tagging.merge(tag=tag, into=into, by=self.users[EDITOR]),
                key=lambda merged: ("act", Act.objects.latest("pk").pk),
            )

    @rule(n=nth)
    def takes_an_act_back(self, n: int) -> None:
        """Topics that were merged are two again, a story that was put back is as before it."""
        act = self.pick(Act.objects.filter(undone_at=None).order_by("pk"), n)
        if act is not None:
            verb = tagging.unmerge if act.verb == Act.Verb.TOPICS_MERGED else None
            self.take_back(
                ("act", act.pk),
                lambda: (
                    verb(merge=act, by=self.users[EDITOR])
                    if verb
                    else revisions.take_back(act=act, by=self.users[EDITOR])
                ),
            )

    # History and imports

    @rule(by=who, n=nth, a=nth)
    def restores_a_version(self, by: str, n: int, a: int) -> None:
        if (story := self.story(n)) is None:
            return
        if (kept := self.pick(revisions.of_story(article=story), a)) is not None:
            self.act(
                "restore changes" if pending.takes_saves(story) else "restore",
                lambda: pending.restore(article=story, revision=kept.revision, by=self.users[by]),
                key=lambda beside: ("changes", 0) if beside else ("act", Act.objects.latest("pk").pk),
            )

    @rule(n=st.integers(0, 2), again=st.booleans(), publish=st.booleans(), unread=st.booleans())
    def imports(self, n: int, again: bool, publish: bool, unread: bool) -> None:
        file = self.folder / f"copy{n}.txt"
        if not file.exists() or again:
            said = [self.sentence(SAYINGS[n], PEOPLE[n]), self.sentence(SAYINGS[0], PEOPLE[1])]
            file.write_text("\n\n".join([f"Ferry {self.token()} sails again", PLAIN[n], *said]) + "\n")
        before = set(ImportRun.objects.values_list("pk", flat=True))
        self.act(
            "import",
            lambda: import_copy.import_copy(
                paths=[str(file)],
                by=None,
                options=Options(update=again, publish=publish, accept_above=0.5 if unread else None),
            ),
            key=lambda report: ("import", report.run or 0),
        )
        assert len(before) <= ImportRun.objects.count()

    @rule(n=nth)
    def undoes_an_import(self, n: int) -> None:
        run = self.pick(ImportRun.objects.filter(undone_at__isnull=True).order_by("pk"), n)
        if run is not None:
            self.take_back(("import", run.pk), lambda: import_copy.undo_import(run=run, by=None))

    @rule(by=who, n=nth)
    def types_without_saving(self, by: str, n: int) -> None:
        if (story := self.story(n)) is not None:
            UnsavedCopy.objects.update_or_create(
                article=story, user=self.users[by], defaults={"fields": {"headline": "Unsaved"}}
            )

    # Reading

    @rule(n=st.integers(0, 99))
    def reads_a_page(self, n: int) -> None:
        self.step = "read"
        oracle.check_lists(self.client, self.hidden, [self.pick(oracle.every_address(), n)])

    # After every step

    @invariant()
    def holds(self) -> None:
        if self.to_check:
            self.to_check = False
            check(self.noted)
            now = oracle.hidden()
            if now != self.hidden:
                oracle.check_hidden(self.client, now, self.hidden)
                oracle.check_lists(self.client, now, ["/claims.csv", "/api/v1/stories"])
                self.hidden = now
