"""What a source did with the words: nothing denied, asked, planned or passed on may be read as said."""

import pytest

from stories.extraction import extract
from stories.extraction.stance.stance import sense_of

SAID = """
Piers Holt said he had not taken any money from the company.
Piers Holt denied wrongdoing, saying ⟦that the money was a gift⟧.
Piers Holt denied the claim: “It is complete rubbish and I will sue.”
Piers Holt, who denied taking any money, said: “The wall is safe and sound.”
“I will not quit,” said Piers Holt, denying the claims.
Ada Lowther, the Labour MP, rejected the plan as “a farce”.
Ada Lowther, the Labour MP, dismissed the claims as “total nonsense”.
Ada Lowther accused Piers Holt of “lying to the whole town”.
Ada Lowther called the plan “a farce”.
Ada Lowther called that suggestion “disgraceful”.
Ada Lowther described the plan as “a farce”.
Ada Lowther attacked the government's “reckless” plan.
Ada Lowther said the claims were “nonsense”.
Ada Lowther claimed that the wall was weak.
Ada Lowther admitted that she had not told the truth.
According to Ada Lowther, the wall is finished and nobody cares.
The Tories say the wall is weak and the harbour is lost.
Piers Holt insisted he had never called the plan “a farce”.
Ada Lowther warned ministers not to call the plan “a farce”.
“The wall is finished,” Ada Lowther told the BBC.
Ada Lowther also announced plans to merge the two harbour boards.
Ada Lowther said the council had failed to deal with the “looming problems”.
Piers Holt's spokesman said: “He denies all of it.”
"""
DENIED = """
Conservative MP Piers Holt denied that he had taken money from the harbour company.
Piers Holt denied being “a crook”.
Piers Holt hit back at claims he was “unfit”.
Ada Lowther denied calling the Labour leader a liar.
Ada Lowther dismissed claims that the wall was “unsafe”.
Ada Lowther rejected suggestions that the wall was weak.
Ada Lowther ruled out a “deal with the devil”.
Ada Lowther never said that the wall was safe.
Ada Lowther repudiated the idea that the wall was weak.
Ada Lowther contested the suggestion the wall was “weak”.
Ada Lowther attacked claims that the plan was “reckless”.
Piers Holt has repeatedly denied that he knew of “the letter”.
Piers Holt dismissed as “untrue” claims that he took money.
Piers Holt insisted that he did not take it, but denied calling it ⟦a joke⟧.
“I took nothing from the company,” denied Piers Holt.
“It is a farce,” Piers Holt did not say.
No minister said that the wall was safe.
Nobody said the wall was “safe”, Ada Lowther told MPs.
Piers Holt denies taking “dirty money”
"""
ASKED = """
Asked by Ada Lowther ⟦whether he would quit⟧, Piers Holt said “no”.
“Will he quit?” asked Ada Lowther.
Ada Lowther asked: “Will the minister quit over this?”
Ada Lowther asked whether the wall was safe.
Ada Lowther questioned whether the plan was “legal”.
"What were you thinking?" Mr Milford replied that it was a joke.
"""
HOPED = """
Ada Lowther hopes to use a visit today to fight back.
Ada Lowther threatened to “tear down the wall”.
Ada Lowther plans to say that the wall is “finished”.
Ada Lowther will say: “The wall is finished and we are too.”
"""
QUOTED = """
Ada Lowther recalled Piers Holt’s words: “Power to the people.”
Colin Price issued guidance which states 'nobody may leave'.
Ravi Kapoor responded to a question on the BJP accusing him of "bending the courts".
Mr Lewis Marsh reminded MPs that Ian Dunn described Piers Holt as a "rogue".
Ada Lowther quoted Mr Holt as saying that the wall was safe.
Ada Lowther accused Piers Holt of saying the wall was “finished”.
Ada Lowther condemned Piers Holt for calling the wall ⟦“weak”⟧.
Piers Holt is said to have told friends the wall was “finished”.
Piers Holt was quoted as saying “the wall is dead”.
Piers Holt allegedly told friends that the wall was “finished”.
According to reports, Piers Holt said the wall was “finished”.
"""


def cases():
    for stance, lines in {
        "said": SAID,
        "denied": DENIED,
        "asked": ASKED,
        "hoped": HOPED,
        "quoted": QUOTED,
    }.items():
        for line in lines.strip().splitlines():
            yield stance, line


def found_in(line):
    """The stances of the quotations of a text, or of those that touch what stands between ⟦ and ⟧."""
    low = line.find("⟦")
    text = line.replace("⟦", "").replace("⟧", "")
    found = extract(text).quotations
    if low < 0:
        return found
    return [q for q in found if q.content[0].start <= low + 5 and q.content[-1].end > low]


@pytest.mark.parametrize(("stance", "line"), list(cases()))
def test_a_verb_gives_the_words_around_it_their_stance(stance, line):
    assert found_in(line)[0].stance == stance


@pytest.mark.parametrize(
    ("line", "verb", "source"),
    [
        ("Piers Holt did deny that he had taken money.", "did deny that", None),
        ("Piers Holt denied that he had taken money.", "denied that", None),
        ("Piers Holt hit back at claims he was “unfit”.", "hit back at claims", None),
        ("Ada Lowther denied calling the Labour leader a liar.", "denied calling", None),
        ("Ada Lowther never said that the wall was safe.", "never said that", None),
        ("Asked by Ada Lowther whether he would quit, Piers Holt said “no”.", "asked", None),
        (
            "Mr Lewis Marsh reminded MPs that Ian Dunn described Piers Holt as a “rogue”.",
            "reminded",
            "Ian Dunn",
        ),
        ("Ada Lowther recalled Piers Holt’s words: “Power.”", "recalled Piers Holt’s words", "Piers Holt"),
    ],
)
def test_the_verb_is_kept_as_printed_and_whose_words_they_are(line, verb, source):
    first = extract(line).quotations[0]
    assert first.verb.startswith(verb)
    assert first.quoted_from == source


def test_words_on_file_are_read_again_from_their_story():
    text = "The wall.\n\nPiers Holt denied that he had taken money. He said it was a gift."
    start = text.index("he had taken")
    found = sense_of(text, [(start, start + len("he had taken money"))], "indirect", "Piers Holt")
    assert (found.stance, found.verb) == ("denied", "denied that")
