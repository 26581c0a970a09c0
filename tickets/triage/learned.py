"""The learned reader inside a rule set: which of its labels may be said of whom, and what is urgent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tickets.triage.decision import Evidence
from tickets.triage.model import Fired, Floats, Model
from tickets.triage.reading import Reading

_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Guess:
    """What the words are most like. Shares run from 0 to 1; `rival` is the nearest other category.

    `urgent_first`: another category is likelier, but an urgent one is likely enough to go first.
    `uncertain`: an officer should make sure.
    """

    category: str
    variant: str
    confidence: float
    words: tuple[Evidence, ...]
    rival: str
    rival_share: float
    rival_words: tuple[Evidence, ...]
    urgency: float
    urgent_first: bool
    uncertain: bool


class Learned:
    """A model read by a rule set. `reporters` and `urgent` are by label; what `reporters` lacks, the
    rule set does not know and nobody gets."""

    def __init__(
        self, model: Model, reporters: Mapping[str, frozenset[str]], urgent: frozenset[str]
    ) -> None:
        self.model = model
        self._reporters = reporters
        self.urgent = np.array([label in urgent for label in model.labels])
        self._categories = [label.partition("/")[0] for label in model.labels]
        names = sorted(set(self._categories))
        self._names = names
        self._column = np.array([names.index(each) for each in self._categories])
        self._allowed = lru_cache(maxsize=16)(self._allowed_to)

    def _allowed_to(self, reporter: str) -> NDArray[np.bool_]:
        def allowed(label: str) -> bool:
            known = self._reporters.get(label)
            return known is not None and (not known or reporter in known)

        return np.array([allowed(label) for label in self.model.labels])

    def totals(self, reading: Reading, fired: Fired) -> Floats:
        """As `Model.totals`; nothing speaks for what the reporter cannot have."""
        return self._permitted(reading, self.model.totals(self.model.see(reading, fired)))

    def _permitted(self, reading: Reading, totals: Floats) -> Floats:
        totals[:-1][~self._allowed(reading.complaint.reporter)] = -np.inf
        return totals

    def judged(self, totals: Floats) -> tuple[Floats, float]:
        """The share of each label, and how likely the case is urgent: the shares of the urgent labels
        and the column that tells urgent cases of any kind from all others, half and half."""
        odds = np.exp(totals[:-1] - totals[:-1].max())
        shares = odds / odds.sum()
        urgent = min(max(float(shares[self.urgent].sum()), _LEAST), 1 - _LEAST)
        leaning = (math.log(urgent / (1 - urgent)) + float(totals[-1]) / 2) / 2
        return shares, 1 / (1 + math.exp(-leaning))

    def urgent_label(self, label: int, shares: Floats) -> int:
        """The likeliest urgent label: of the likeliest category where that has one, else of all."""
        own = self.urgent & (self._column == self._column[label])
        return int(np.where(own if own.any() else self.urgent, shares, -1.0).argmax())

    def guess(self, reading: Reading, fired: Fired) -> Guess | None:
        """None where no word is known to the model, or no label may be said of the reporter."""
        seen = self.model.see(reading, fired)
        if not seen.readable or not self._allowed(reading.complaint.reporter).any():
            return None
        totals = self._permitted(reading, self.model.totals(seen))
        shares, urgency = self.judged(totals)
        label = int(shares.argmax())
        urgent_first = not self.urgent[label] and urgency >= self.model.about["urgent_from"]
        if urgent_first:
            label = self.urgent_label(label, shares)
        by_category = np.bincount(self._column, weights=shares, minlength=len(self._names))
        chosen = self._column[label]
        sure = float(by_category[chosen])
        by_category[chosen] = -1.0
        rival = int(by_category.argmax())
        rival_label = int(np.where(self._column == rival, shares, -1.0).argmax())
        words, rival_words = self.model.spoke_for(reading, seen, (label, rival_label))
        category, _, variant = self.model.labels[label].partition("/")
        return Guess(
            category=category,
            variant=variant,
            confidence=sure,
            words=words,
            rival=self._names[rival],
            rival_share=float(by_category[rival]),
            rival_words=rival_words,
            urgency=urgency,
            urgent_first=urgent_first,
            uncertain=sure < self.model.about["unsure_below"],
        )
