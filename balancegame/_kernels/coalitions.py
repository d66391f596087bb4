"""Joint moves by which every member of a coalition gains."""

from __future__ import annotations

from balancegame._kernels.kernel import kernel, plain_time

_PLAIN_WORK = 40_000  # joint moves: for plain Python, a tenth of a second


def first_blocks(tables, shape, strides, coalitions, cells, blockers, moves):
    """The first coalition in the list that leaves each cell, and the first move by which it does.

    ``tables`` (n, profiles) compare as payoffs; bit i of ``coalitions[c]`` stands for player i.
    ``blockers`` and ``moves`` (cells,) become the place of the coalition and the cell it moves to,
    -1 where there is none. Only moves by which every member changes his action are tried: a member
    who gains without moving can be left out.
    """
    arguments = (tables, shape, strides, coalitions, cells, blockers, moves)
    if plain_time.left > 0.0 and len(cells) * tables.shape[1] <= _PLAIN_WORK:
        with plain_time.spent():
            _first_blocks(*arguments)
    else:
        _first_blocks.compiled(*arguments)


@kernel
def _first_blocks(tables, shape, strides, coalitions, cells, blockers, moves):
    n = shape.shape[0]
    members = [0] * n
    actions = [0] * n
    turns = [0] * n  # how many of his other actions a member has gone through
    for e in range(cells.shape[0]):
        cell = cells[e]
        blockers[e], moves[e] = -1, -1
        for i in range(n):
            actions[i] = cell // strides[i] % shape[i]
        for c in range(coalitions.shape[0]):
            size, able, target = 0, True, cell
            for i in range(n):
                if coalitions[c] >> i & 1:
                    members[size] = i
                    turns[size] = 0
                    size += 1
                    if shape[i] == 1:
                        able = False
                    first = 1 if actions[i] == 0 else 0
                    target += (first - actions[i]) * strides[i]
            while able:
                gain = True
                for k in range(size):
                    if tables[members[k], target] <= tables[members[k], cell]:
                        gain = False
                        break
                if gain:
                    blockers[e], moves[e] = c, target
                    break
                # The next joint move, the last member's turn first.
                k = size - 1
                while k >= 0:
                    i = members[k]
                    here = turns[k] + (1 if turns[k] >= actions[i] else 0)
                    if turns[k] < shape[i] - 2:
                        turns[k] += 1
                        there = turns[k] + (1 if turns[k] >= actions[i] else 0)
                        target += (there - here) * strides[i]
                        break
                    turns[k] = 0
                    there = 1 if actions[i] == 0 else 0
                    target += (there - here) * strides[i]
                    k -= 1
                able = k >= 0
            if moves[e] >= 0:
                break


def drop_dominated(payoffs, starts, keep):
    """Clear ``keep`` (columns,) where another column of the group pays every row more.

    ``payoffs`` (k, columns); group g is ``starts[g]`` to ``starts[g + 1]``, its columns in
    decreasing order of the first row.
    """
    if plain_time.left > 0.0 and payoffs.shape[1] ** 2 <= _PLAIN_WORK:
        with plain_time.spent():
            _drop_dominated(payoffs, starts, keep)
    else:
        _drop_dominated.compiled(payoffs, starts, keep)


@kernel
def _drop_dominated(payoffs, starts, keep):
    for g in range(starts.shape[0] - 1):
        for c in range(starts[g] + 1, starts[g + 1]):
            # A dominated column is dominated by one that is kept, which pays the first row more.
            for d in range(starts[g], c):
                if payoffs[0, d] <= payoffs[0, c]:
                    break
                if not keep[d]:
                    continue
                dominates = True
                for k in range(1, payoffs.shape[0]):
                    if payoffs[k, d] <= payoffs[k, c]:
                        dominates = False
                        break
                if dominates:
                    keep[c] = False
                    break
