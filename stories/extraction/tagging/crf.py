"""Forward–backward and Viterbi of the tagger's linear-chain conditional random field, made for speed.

``reference.py`` is the same in plain loops: it is the specification, and tests hold this module to it. What
is done here instead, because reading spends its time here:

- **Unrolled states.** Each label has a variable of one letter, each transition a term: loops over labels cost
  four times as much. A transition not listed in ``TRANSITIONS`` cannot happen and has no term.
- **Transitions of factor one** (``UNIT_TRANSITIONS``). The weight of a path does not change when a potential
  is added to every transition into a label and taken from every one out of it. The potentials are chosen so
  that 17 of the 46 transitions have the factor 1, and so need no multiplication; what they leave on the items
  is the label's ``biases``.
- **Rescaling** of every eighth item only, so that no figure leaves the range of a float.
- **Viterbi over plausible labels**: those that forward–backward gives less than ``UNLIKELY`` are not tried.

Labels (BIO with a direction): outside; X between the parts of an attribution; source before (S>) and after
(S<) its cue; cue; content beginning (B) and going on (I), before (L) and after (R) its cue. See Lafferty et
al. 2001, "Conditional Random Fields".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from math import exp
from operator import itemgetter, mul

LABELS = ("O", "X", "S>", "S<", "C", "BL", "IL", "BR", "IR")
LETTERS = dict(zip("oxpqclmbk", LABELS, strict=True))
ORDER = {letter: i for i, letter in enumerate(LETTERS)}
# Each transition as two letters, from and to.
TRANSITIONS = tuple(
    "oo qo co bo ko xx px qx cx lx mx bx kx op xp pp qp lp mp bp kp xq qq cq oc xc pc qc cc lc mc bc kc ol xl"
    " pl bl kl lm mm"
    " ob xb qb cb bk kk".split()
)
TRANSITION_LABELS = tuple((LETTERS[pair[0]], LETTERS[pair[1]]) for pair in TRANSITIONS)
# The transitions that the potentials give the factor 1: in this order each settles one potential more, of the
# label left or of the label come to, until all 2 * WIDTH are settled.
UNIT_TRANSITIONS = tuple("oo op xp xx pp pc cc cq qq lc lm mm ko kk bk ol cb".split())
# In the order in which ``forward`` and ``backward`` take their factors apart.
OTHER_TRANSITIONS = tuple(transition for transition in TRANSITIONS if transition not in UNIT_TRANSITIONS)
WIDTH = len(LABELS)
Row = tuple[float, ...]  # a figure for each label
RESCALE = 7  # a mask: true of every eighth item
UNLIKELY = 0.02  # labels less probable than this are not considered for the row of labels
SURE = 0.95  # an item is not looked into further that is so sure of one of ``SURE_OF``
SURE_OF = ("O", "IR", "S>", "C")  # the labels items are most often sure of
FORBIDDEN = -1_000_000
EVERY = range(WIDTH)
ALONE = [(label,) for label in EVERY]
LOWEST = 1_000_000 * FORBIDDEN  # less than any row's score
START = WIDTH  # where a row of labels comes from
SCALE = 100  # scores are logarithms in whole hundredths, as the weights are kept
BITS = 16  # bits a score has
ZERO = 1 << BITS - 1  # the packed score that stands for 0
HIGHEST_SCORE = 40 * SCALE  # no score comes near; a row of such would leave what a float holds
FACTORS = [exp(min(score - ZERO, HIGHEST_SCORE) / SCALE) for score in range(1 << BITS)]


class Transitions:
    """The transition weights of a model, with the potentials worked in.

    ``biases`` is by label what the potentials add to every item's score, in hundredths. ``factors`` are those
    of ``OTHER_TRANSITIONS``; ``first`` and ``last`` take the potentials off at a paragraph's ends, where no
    transition leads in or out. ``scores`` are in hundredths, by label come to and label left, for
    ``viterbi``.
    """

    def __init__(self, weights: Mapping[tuple[str, str], float]) -> None:
        names = [(transition, (LETTERS[transition[0]], LETTERS[transition[1]])) for transition in TRANSITIONS]
        weight_of = {transition: round(weights.get(pair, 0.0) * SCALE) for transition, pair in names}
        leaving: dict[str, int] = {UNIT_TRANSITIONS[0][0]: 0}
        coming: dict[str, int] = {}
        for transition in UNIT_TRANSITIONS:
            if transition[0] in leaving:
                coming[transition[1]] = weight_of[transition] - leaving[transition[0]]
            else:
                leaving[transition[0]] = weight_of[transition] - coming[transition[1]]
        self.biases = [leaving[letter] + coming[letter] for letter in LETTERS]
        self.factors = tuple(
            exp((weight_of[m] - leaving[m[0]] - coming[m[1]]) / SCALE) for m in OTHER_TRANSITIONS
        )
        self.first = tuple(exp(-coming[letter] / SCALE) for letter in LETTERS)
        self.last = tuple(exp(-leaving[letter] / SCALE) for letter in LETTERS)
        self.scores = [[FORBIDDEN] * WIDTH + [FORBIDDEN if label[0] == "I" else 0] for label in LABELS]
        for transition in TRANSITIONS:
            self.scores[ORDER[transition[1]]][ORDER[transition[0]]] = weight_of[transition]
        for row, bias in zip(self.scores, self.biases, strict=True):
            row[:] = [score - bias for score in row]


def factors(scores: Iterable[int]) -> list[float]:
    """Scores, ``WIDTH`` to an item and counted from ``ZERO`` with ``Transitions.biases``, as factors."""
    return list(map(FACTORS.__getitem__, scores))


def forward(rows: Sequence[float], transitions: Transitions) -> tuple[list[Row], list[float], float]:
    """For each item the labels' shares of all ways leading there, and how sure it is that all is outside.

    ``rows`` is what ``factors`` gave. The second list holds what every eighth item's shares were scaled by.
    """
    (
        qo,
        co,
        bo,
        px,
        qx,
        cx,
        lx,
        mx,
        bx,
        kx,
        qp,
        lp,
        mp,
        bp,
        kp,
        xq,
        oc,
        xc,
        qc,
        mc,
        bc,
        kc,
        xl,
        pl,
        bl,
        kl,
        ob,
        xb,
        qb,
    ) = transitions.factors
    items = zip(*[iter(rows)] * WIDTH, strict=True)
    o, x, p, q, c, l, m, b, k = next(items)  # noqa: E741  a letter for each label, as in TRANSITIONS
    fo, fx, fp, fq, fc, fl, _, fb, _ = transitions.first
    o, x, p, q, c, l, b = o * fo, x * fx, p * fp, q * fq, c * fc, l * fl, b * fb  # noqa: E741
    m = k = 0.0
    outside = o
    out: list[Row] = [(o, x, p, q, c, l, m, b, k)]
    scales: list[float] = []
    for i, (eo, ex, ep, eq, ec, el, em, eb, ek) in enumerate(items, 1):
        if not i & RESCALE:
            scale = 1.0 / ((o + x + p + q + c + l + m + b + k) or 1.0)
            o, x, p, q, c = o * scale, x * scale, p * scale, q * scale, c * scale
            l, m, b, k = l * scale, m * scale, b * scale, k * scale  # noqa: E741
            outside *= scale
            scales.append(scale)
        row = (
            eo * (o + q * qo + c * co + b * bo + k),
            ex * (x + p * px + q * qx + c * cx + l * lx + m * mx + b * bx + k * kx),
            ep * (o + x + p + q * qp + l * lp + m * mp + b * bp + k * kp),
            eq * (x * xq + q + c),
            ec * (o * oc + x * xc + p + q * qc + c + l + m * mc + b * bc + k * kc),
            el * (o + x * xl + p * pl + b * bl + k * kl),
            em * (l + m),
            eb * (o * ob + x * xb + q * qb + c),
            ek * (b + k),
        )
        out.append(row)
        o, x, p, q, c, l, m, b, k = row  # noqa: E741
        outside *= eo
    return out, scales, outside * transitions.last[0] / (sum(map(mul, out[-1], transitions.last)) or 1.0)


def backward(
    rows: Sequence[float], ahead: Sequence[Row], scales: Sequence[float], transitions: Transitions
) -> list[Row]:
    """For each item the probability of every label; ``ahead`` and ``scales`` are what ``forward`` gave.

    Scaled as ``forward`` did it, and begun with one over the sum of all ways, every row sums to one.
    """
    (
        qo,
        co,
        bo,
        px,
        qx,
        cx,
        lx,
        mx,
        bx,
        kx,
        qp,
        lp,
        mp,
        bp,
        kp,
        xq,
        oc,
        xc,
        qc,
        mc,
        bc,
        kc,
        xl,
        pl,
        bl,
        kl,
        ob,
        xb,
        qb,
    ) = transitions.factors
    whole = sum(map(mul, ahead[-1], transitions.last)) or 1.0
    o, x, p, q, c, l, m, b, k = [last / whole for last in transitions.last]  # noqa: E741
    scaled = reversed(scales)
    out: list[Row] = []
    i = len(ahead)
    items = zip(*[reversed(rows)] * WIDTH, strict=True)
    for (ek, eb, em, el, ec, eq, ep, ex, eo), share in zip(items, reversed(ahead), strict=True):
        fo, fx, fp, fq, fc, fl, fm, fb, fk = share
        out.append((fo * o, fx * x, fp * p, fq * q, fc * c, fl * l, fm * m, fb * b, fk * k))
        i -= 1
        eo, ex, ep, eq, ec = eo * o, ex * x, ep * p, eq * q, ec * c
        el, em, eb, ek = el * l, em * m, eb * b, ek * k
        if i and not i & RESCALE:
            scale = next(scaled)
            eo, ex, ep, eq, ec = eo * scale, ex * scale, ep * scale, eq * scale, ec * scale
            el, em, eb, ek = el * scale, em * scale, eb * scale, ek * scale
        o = eo + ep + ec * oc + el + eb * ob
        x = ex + ep + eq * xq + ec * xc + el * xl + eb * xb
        p = ex * px + ep + ec + el * pl
        q = eo * qo + ex * qx + ep * qp + eq + ec * qc + eb * qb
        c = eo * co + ex * cx + eq + ec + eb
        l = ex * lx + ep * lp + ec + em  # noqa: E741
        m = ex * mx + ep * mp + ec * mc + em
        b = eo * bo + ex * bx + ep * bp + ec * bc + el * bl + ek
        k = eo + ex * kx + ep * kp + ec * kc + el * kl + ek
    out.reverse()
    return out


def plausible_labels(probabilities: Iterable[Row]) -> list[Sequence[int]]:
    """For each item the label it is sure of, or else those that are not unlikely.

    It is asked about the labels items are most often sure of; of others hardly a second is not unlikely.
    """
    out: list[Sequence[int]] = []
    for row in probabilities:
        if row[0] >= SURE:
            out.append(ALONE[0])
        elif row[8] >= SURE:
            out.append(ALONE[8])
        elif row[2] >= SURE:
            out.append(ALONE[2])
        elif row[4] >= SURE:
            out.append(ALONE[4])
        else:
            out.append(list(compress(EVERY, map(UNLIKELY.__le__, row))))
    return out


def viterbi(
    scores: Sequence[int], labels: Sequence[Sequence[int]], transitions: Sequence[Sequence[int]]
) -> list[int]:
    """The likeliest labels in a row (Viterbi), among those given for each item.

    Between two items with one label the row is decided by itself.
    """
    path: list[int] = []
    back: list[dict[int, int]] = []  # for the items since the last with one label: label to label before
    here: list[tuple[int, int]] = []  # the labels of the item before, each with the score of the way there
    for i, found in enumerate(labels):
        if not back:
            if len(found) == 1:
                path += found
                continue
            here = [(path[-1] if path else START, 0)]
        there: list[tuple[int, int]] = []
        chosen: dict[int, int] = {}
        at = i * WIDTH
        for label in found:
            into = transitions[label]
            score = LOWEST
            for before, known in here:
                known += into[before]
                if known >= score:
                    score, way = known, before
            chosen[label] = way
            there.append((label, score + scores[at + label]))
        back.append(chosen)
        here = there
        if len(found) == 1:
            path += _traced(back, label)
            back = []
    if back:
        path += _traced(back, max(here, key=itemgetter(1))[0])
    return path


def _traced(back: Sequence[Mapping[int, int]], label: int) -> list[int]:
    """The labels of the items ``back`` tells of, the last one's given."""
    path = []
    for came_from in reversed(back):
        path.append(label)
        label = came_from[label]
    path.reverse()
    return path
