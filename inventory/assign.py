"""Pair two sides one to one, as well as can be."""

from __future__ import annotations

from collections.abc import Sequence


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pair rows with columns one to one so that the weights add up to the most; a weight of 0 forbids the pair.

    The Hungarian method with potentials, O(rows² · columns); rows are those of the shorter side. Sorted by row.
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    if rows > columns:
        flipped = [[weights[row][column] for row in range(rows)] for column in range(columns)]
        return sorted((row, column) for column, row in assign(flipped))
    # Index 0 is the row that is being placed; `owner[column]` is the row (from 1) that has the column.
    row_potential, column_potential = [0] * (rows + 1), [0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0], at = row, 0
        slack: list[float] = [float("inf")] * (columns + 1)
        came_from, visited = [0] * (columns + 1), [False] * (columns + 1)
        while owner[at]:
            visited[at] = True
            here = owner[at]
            for column in range(1, columns + 1):
                cost = -weights[here - 1][column - 1] - row_potential[here] - column_potential[column]
                if not visited[column] and cost < slack[column]:
                    slack[column], came_from[column] = cost, at
            at = min((column for column in range(1, columns + 1) if not visited[column]), key=slack.__getitem__)
            step = int(slack[at])
            for column in range(columns + 1):
                if visited[column]:
                    row_potential[owner[column]] += step
                    column_potential[column] -= step
                else:
                    slack[column] -= step
        while at:
            owner[at], at = owner[came_from[at]], came_from[at]
    pairs = ((owner[column] - 1, column - 1) for column in range(1, columns + 1) if owner[column])
    return sorted((row, column) for row, column in pairs if weights[row][column])
