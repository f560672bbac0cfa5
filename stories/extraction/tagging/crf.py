"""The tagger's reckoning over a paragraph: how likely each label is, and the likeliest labels in a row.

Written out state by state: this is where reading spends its time, and loops over states cost four times
as much. A move not listed in ``MOVES`` cannot happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp
from operator import itemgetter, mul

# outside; between the parts of an attribution; source before, source after its cue; cue; then words said,
# beginning and going on, before (L) and after (R) their cue.
LABELS = ("O", "X", "S>", "S<", "C", "BL", "IL", "BR", "IR")
LETTERS = dict(zip("oxpqclmbk", LABELS, strict=True))
ORDER = {letter: i for i, letter in enumerate(LETTERS)}
# Each move as two letters, from and to.
MOVES = tuple(
    "oo qo co bo ko xx px qx cx lx mx bx kx op xp pp qp lp mp bp kp xq qq cq oc xc pc qc cc lc mc bc kc ol xl"
    " pl bl kl lm mm"
    " ob xb qb cb bk kk".split()
)
# Moves that cost no multiplication. What a move is worth can be written to the account of the label left or
# of the label come to, and so into an item's score, if every other move from that label, or to it, is then
# worth so much less. Two accounts a label allow for these moves to be worth nothing: each settles one more.
FREE = tuple("oo op xp xx pp pc cc cq qq lc lm mm ko kk bk ol cb".split())
TIMES = tuple(move for move in MOVES if move not in FREE)  # in the order in which they are taken apart below
WIDTH = len(LABELS)
Row = tuple[float, ...]  # a figure for each label
RESCALE = 7  # figures are brought back to a middling size every eighth item (a mask)
UNLIKELY = 0.02  # labels less probable than this are not considered for the row of labels
SURE = 0.95
NEVER = -1_000_000
ALONE = [(label,) for label in range(WIDTH)]
NOTHING = 1_000_000 * NEVER  # less than any row's score
START = WIDTH  # where a row of labels comes from
SCALE = 100  # scores are logarithms in whole hundredths, as the weights are kept
LANE = 16  # bits a score has
LEVEL = 1 << LANE - 1  # the score that stands for nought
HIGHEST = 40 * SCALE  # no score comes near; a row of such would leave what a float holds
FACTORS = [exp(min(score - LEVEL, HIGHEST) / SCALE) for score in range(1 << LANE)]


class Moves:
    """The weights of the moves, those of ``FREE`` moves written to the accounts of their labels.

    ``levels`` is what both accounts of each label come to: every item's score has it. ``factors`` are for
    the other moves; ``first`` and ``last`` make good that nothing leads to a paragraph's first item, and
    nothing from its last. ``scores`` are by label moved to, for ``best``.
    """

    def __init__(self, weights: Mapping[tuple[str, str], float]) -> None:
        names = [(move, (LETTERS[move[0]], LETTERS[move[1]])) for move in MOVES]
        worth = {move: round(weights.get(pair, 0.0) * SCALE) for move, pair in names}
        leaving: dict[str, int] = {FREE[0][0]: 0}
        coming: dict[str, int] = {}
        for move in FREE:
            if move[0] in leaving:
                coming[move[1]] = worth[move] - leaving[move[0]]
            else:
                leaving[move[0]] = worth[move] - coming[move[1]]
        self.levels = [leaving[letter] + coming[letter] for letter in LETTERS]
        self.factors = tuple(exp((worth[m] - leaving[m[0]] - coming[m[1]]) / SCALE) for m in TIMES)
        self.first = tuple(exp(-coming[letter] / SCALE) for letter in LETTERS)
        self.last = tuple(exp(-leaving[letter] / SCALE) for letter in LETTERS)
        self.scores = [[NEVER] * WIDTH + [NEVER if label[0] == "I" else 0] for label in LABELS]
        for move in MOVES:
            self.scores[ORDER[move[1]]][ORDER[move[0]]] = worth[move]
        for row, level in zip(self.scores, self.levels, strict=True):
            row[:] = [score - level for score in row]


def factors(scores: Iterable[int]) -> list[float]:
    """Scores, ``WIDTH`` to an item and counted from ``LEVEL`` with ``Moves.levels``, as factors."""
    return list(map(FACTORS.__getitem__, scores))


def forward(rows: Sequence[float], moves: Moves) -> tuple[list[Row], list[float], float]:
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
    ) = moves.factors
    items = zip(*[iter(rows)] * WIDTH, strict=True)
    o, x, p, q, c, l, m, b, k = next(items)  # noqa: E741  a letter for each label, as in MOVES
    fo, fx, fp, fq, fc, fl, _, fb, _ = moves.first
    o, x, p, q, c, l, b = o * fo, x * fx, p * fp, q * fq, c * fc, l * fl, b * fb  # noqa: E741
    m = k = 0.0
    outside = o
    out: list[Row] = [(o, x, p, q, c, l, m, b, k)]
    scales: list[float] = []
    for i, (eo, ex, ep, eq, ec, el, em, eb, ek) in enumerate(items, 1):
        if not i & RESCALE:
            scale = 1.0 / ((o + x + p + q + c + l + m + b + k) or 1.0)
            o, x, p, q, c = o * scale, x * scale, p * scale, q * scale, c * scale  # noqa: E741
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
    return out, scales, outside * moves.last[0] / (sum(map(mul, out[-1], moves.last)) or 1.0)


def backward(rows: Sequence[float], ahead: Sequence[Row], scales: Sequence[float], moves: Moves) -> list[Row]:
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
    ) = moves.factors
    whole = sum(map(mul, ahead[-1], moves.last)) or 1.0
    o, x, p, q, c, l, m, b, k = [last / whole for last in moves.last]  # noqa: E741
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


def likely(probabilities: Iterable[Row]) -> list[Sequence[int]]:
    """For each item the label it is sure of, or else those that are not unlikely.

    It is asked about the labels items are most often sure of; of others hardly a second is not unlikely.
    """
    out: list[Sequence[int]] = []
    for o, x, p, q, c, l, m, b, k in probabilities:  # noqa: E741
        if o >= SURE:
            out.append(ALONE[0])
        elif k >= SURE:
            out.append(ALONE[8])
        elif p >= SURE:
            out.append(ALONE[2])
        elif c >= SURE:
            out.append(ALONE[4])
        else:
            found = []
            if o >= UNLIKELY:
                found.append(0)
            if x >= UNLIKELY:
                found.append(1)
            if p >= UNLIKELY:
                found.append(2)
            if q >= UNLIKELY:
                found.append(3)
            if c >= UNLIKELY:
                found.append(4)
            if l >= UNLIKELY:
                found.append(5)
            if m >= UNLIKELY:
                found.append(6)
            if b >= UNLIKELY:
                found.append(7)
            if k >= UNLIKELY:
                found.append(8)
            out.append(found)
    return out


def best(scores: Sequence[int], labels: Sequence[Sequence[int]], moves: Sequence[Sequence[int]]) -> list[int]:
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
            into = moves[label]
            score = NOTHING
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
