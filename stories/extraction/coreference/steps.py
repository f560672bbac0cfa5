"""The steps of coreference in their order, and why each stands where it does. Nothing else lists them.

A list belongs to one question of ``Discourse``; the first step with an answer decides it. To try another way,
pass ``Resolver`` a copy: ``STEPS._replace(offices=(...))``.
"""

from __future__ import annotations

from stories.extraction.coreference import named_phrases, offices, ownership, phrases, pronouns, words
from stories.extraction.coreference.discourse import Step, Steps

STEPS = Steps(
    words=(
        Step(words.spoke_already, "a quotation settled before is not asked of again"),
        Step(words.personal_pronoun, "of the words below, none can be two: the most frequent comes first"),
        Step(
            words.it_of_a_statement, "before the other pronouns: it may stand for a statement", ("writers",)
        ),
        Step(words.first_or_second_person, "before the other pronouns: these are the speakers themselves"),
        Step(words.other_pronoun, "every pronoun that is left"),
        Step(words.relative_pronoun, "no personal pronoun: it repeats the phrase before it"),
    ),
    names=(
        Step(named_phrases.part_of_a_name, "a phrase cut out of a name is that name, whatever its words"),
        Step(named_phrases.named_inside, "a printed name beats every inference"),
        Step(
            ownership.author_of_statement, "a name that is only an owner: its statement speaks", ("writers",)
        ),
        Step(named_phrases.named_before, "no name inside: the one right before the phrase"),
        Step(named_phrases.named_behind_comma, "or the one right behind it"),
    ),
    phrases=(
        Step(ownership.owner_of_words, "a phrase ending in 's owns the words and is asked for without it"),
        Step(phrases.holder_of_office, "an office may have a holder who is named elsewhere"),
        Step(phrases.nobody_who_speaks, "no office: what heads the phrase cannot speak"),
        Step(phrases.without_a_name, "answers every phrase that is left"),
    ),
    offices=(
        Step(offices.unnamed_holder_just_heard, "who was just left unnamed stays so"),
        Step(offices.called_so, "what the text says itself beats what the record says"),
        Step(offices.on_record, "the record beats what the story seems to mean"),
        Step(offices.former_holder_still_told_of, "a former holder is never the main person as holder"),
        Step(
            offices.member_told_of_before,
            "members are many: only the sentence before tells which",
            ("meant",),
        ),
        Step(offices.only_one_without_office, "or there is only one whom it can be"),
        Step(offices.main_person, "an office of one holder, nobody called so", ("main_offices", "meant")),
        Step(offices.alone_so_far, "the weakest: nobody else has been named yet", ("meant",)),
    ),
    before_lookback=(
        Step(pronouns.subject_of_opened_clause, "inside an opening clause the subject stands behind it"),
    ),
    lookback=(
        Step(pronouns.unnamed_speaker, "who spoke last without a name is nearer than anybody named"),
        Step(pronouns.last_speaker, "two sentences back, who spoke last is likelier than a subject"),
        Step(pronouns.subject_of_sentence, "subjects are taken up again more often than others"),
        Step(pronouns.named_in_sentence, "anybody named is the last resort of a sentence"),
    ),
    after_lookback=(Step(pronouns.main_person, "nobody near by: whom the whole story is about"),),
)
