"""Scoring very many people at once, column by column.

The contract is `domain.scoring.rules`; this says the same for whole columns of 64-bit integers, to the last
digit. A person whose numbers could leave 64 bits on the way, and everybody under a plan with finer numbers
than are usual, is left to the rules. Nothing here is ever rounded but by integer division, half up.
"""
