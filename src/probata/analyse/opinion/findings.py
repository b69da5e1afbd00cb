"""Plain sentences with their numbers: what each test found, what it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from probata.analyse.opinion.events import AWAY_DAYS, Shift
from probata.analyse.opinion.prepare import OTHER, iso
from probata.analyse.opinion.study import Study
from probata.model import Finding
from probata.stats import benjamini_hochberg, detectable_effect, holm

VERSION = "1"

NOT_CAUSE = (
    "a move at a date does not show what caused it, and no measurable move does not show that there was none"
)
BLIND = "a smaller move than the smallest detectable one could not have been seen"


@dataclass(frozen=True, slots=True)
class Frame:
    """What every finding of a run shares."""

    seed: int

    def finding(self, study: Study, test: str, statement: str, **fields: Any) -> Finding:
        """A finding on the polls of a study, with its scales among the parameters."""
        scales = study.fit.scales
        parameters = {
            "election": study.series.label,
            "election_day": iso(study.vote),
            "walk_per_root_day": round(100 * scales.walk, 4),
            "house_spread": round(100 * scales.house, 4),
            "design_effect": round(scales.design, 4),
            "shared_error": [study.error.base, study.error.daily, study.error.freedom],
            **fields.pop("parameters", {}),
        }
        caveats = tuple(fields.pop("caveats", ())) + study_caveats(study)
        return Finding(
            question="opinion",
            test=test,
            statement=statement,
            n=fields.pop("n", len(study.prepared.polls)),
            version=VERSION,
            parameters=parameters,
            seed=self.seed,
            caveats=caveats,
            records=fields.pop("records", tuple(poll.id for poll in study.prepared.polls)),
            **fields,
        )


def study_caveats(study: Study) -> tuple[str, ...]:
    """What a reader must know of the polls themselves."""
    design = study.prepared.design
    said = list(study.prepared.notes)
    if OTHER not in study.parts:
        said.append("shares are among the two named, without the undecided and others")
    if len(design.day) < 5:
        count = "one poll" if len(design.day) == 1 else f"{len(design.day)} polls"
        said.append(f"{count} only: the assumed scales, not the data, set the uncertainty")
    elif len(design.houses) == 1:
        said.append("one pollster only: its house effect cannot be told from opinion")
    corrected = sorted({note for poll in study.prepared.polls for note in poll.note.split("; ") if note})
    return tuple(said + corrected[:5])


def shift_statement(shift: Shift, label: str) -> str:
    """Between the polls before and after a date, and how often such a move occurs at other dates."""
    low, high = shift.interval
    said = (
        f"Between the polls before and after {iso(shift.day)}{f' ({label})' if label else ''}, {shift.part} moved by "
        f"{shift.effect:+.1f} points (95 %: {low:+.1f} to {high:+.1f})"
    )
    said += " over two weeks" if shift.kind == "ramp" else ""
    if shift.p_placebo is not None and shift.placebos:
        said += f"; a move this large or larger occurs at {100 * shift.p_placebo:.0f} % of {shift.placebos} other dates"
    return f"{said}; a {shift.kind} smaller than {shift.mde:.1f} points could not have been seen."


def shift_finding(frame: Frame, study: Study, shift: Shift, label: str) -> Finding:
    """The finding of one shift."""
    window = [p.id for p in study.prepared.polls if abs(p.day - shift.day) <= AWAY_DAYS]
    return frame.finding(
        study,
        f"event_{shift.kind}",
        shift_statement(shift, label),
        metric="shift",
        estimate=shift.effect,
        interval=shift.interval,
        level=0.95,
        p=shift.p,
        null_model="random walk of opinion seen through polls with house effects, no move at the date",
        mde=shift.mde,
        method="state space with a step or ramp in the log-ratios, heavy-tailed drift (Kalman filter)",
        parameters={
            "party": shift.part,
            "date": iso(shift.day),
            "p_placebo": shift.p_placebo,
            "placebos": shift.placebos,
            "polls_before": shift.polls_before,
            "polls_after": shift.polls_after,
        },
        caveats=(NOT_CAUSE, BLIND),
        records=tuple(window),
    )


def corrected(findings: list[Finding]) -> list[Finding]:
    """Several dates or parties tested: q (Benjamini-Hochberg) and Holm's adjusted p beside each p."""
    p = np.array([np.nan if finding.p is None else finding.p for finding in findings])
    if not len(p) or np.isnan(p).any():
        return findings
    q, family = benjamini_hochberg(p), holm(p)
    return [
        replace(f, q=float(q[i]), parameters={**f.parameters, "p_holm": float(family[i]), "tests": len(p)})
        for i, f in enumerate(findings)
    ]


def standing_finding(frame: Frame, study: Study, part: str, day: float) -> Finding:
    """Where a party stood on a day, with the error that all polls share."""
    now = study.standing(day)
    k = study.parts.index(part)
    low, high = now.interval(0.95)
    share, error = 100 * now.shares[k], 100 * now.errors[k]
    when = "the polls put" if day <= study.prepared.last_day else "the polls lead one to expect"
    statement = (
        f"On {iso(day)} {when} {part} at {share:.1f} % (95 %: {100 * low[k]:.1f} to {100 * high[k]:.1f}, "
        "shared polling error included)."
    )
    return frame.finding(
        study,
        "standing",
        statement,
        metric="share",
        estimate=float(share),
        interval=(float(100 * low[k]), float(100 * high[k])),
        level=0.95,
        mde=detectable_effect(float(error)),
        null_model=None,
        method="Kalman smoother on log-ratios with house effects and shared error",
        parameters={"party": part, "date": iso(day)},
    )


def lead_finding(frame: Frame, study: Study, part: str, versus: str, day: float) -> Finding:
    """How far one party stood before another on a day."""
    now = study.standing(day)
    lead, error = now.contrast(study.parts.index(part), study.parts.index(versus))
    lead, error = 100 * lead, 100 * error
    low, high = lead - 1.96 * error, lead + 1.96 * error
    from scipy.special import ndtr

    statement = (
        f"On {iso(day)} {part} stood {lead:+.1f} points from {versus} (95 %: {low:+.1f} to {high:+.1f}, shared polling "
        "error included)."
    )
    return frame.finding(
        study,
        "lead",
        statement,
        metric="lead",
        estimate=lead,
        interval=(low, high),
        level=0.95,
        p=float(2 * ndtr(-abs(lead) / error)) if error > 0 else None,
        null_model="both stand level",
        mde=detectable_effect(error),
        method="Kalman smoother on log-ratios with house effects and shared error",
        parameters={"party": part, "versus": versus, "date": iso(day)},
    )
