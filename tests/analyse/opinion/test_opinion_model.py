"""The state space: golden values on real polls, and agreement with an independent implementation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from probata.analyse.opinion.drift import heavy_tailed
from probata.analyse.opinion.events import rise, robust_steps, shifts, steps
from probata.analyse.opinion.forecast import NO_SHARED_ERROR, standing
from probata.analyse.opinion.model import (
    STEP_PRIOR,
    Design,
    Filter,
    Scales,
    fit,
    helmert,
    log_likelihood,
    to_shares,
)
from probata.analyse.opinion.prepare import Options, Prepared, prepare
from probata.analyse.opinion.series import group, load
from probata.analyse.opinion.track import house_effects, track
from probata.collect import Incoming
from probata.collect.polls import read
from probata.store import open_store

PARTS = ("nbfarleft", "nbleft", "nbcenter", "nbright", "nbsouverainistes", "nbfarright")
RESULT = np.array([19.58, 6.36, 24.01, 20.01, 4.70, 21.30])


@pytest.fixture(scope="module")
def france(shared_data: Path) -> Prepared:
    """143 polls of the French presidential election of 2017, one a pollster and day."""
    path = shared_data / "polls" / "tour1_complet_unitedfl.csv"
    store = open_store(None)
    for number, batch in enumerate(read(Incoming(path, "e", "blocs.csv"))):
        store.add("polls", str(number), batch.columns)
    series = next(s for s in group(load(store)) if s.election == "president 2017-04-23")
    store.close()
    return prepare(series.polls, Options(PARTS))


def small_design(seed: int = 1, polls: int = 14) -> Design:
    """Two houses, three parts, drawn at random."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet([50, 30, 20], polls)
    day = np.sort(rng.integers(0, 30, polls)).astype(float)
    size, house = rng.uniform(300, 1500, polls), rng.integers(0, 2, polls)
    return Design(("a", "b", "Other"), ("x", "y"), day, shares, size, house, 0.5)


def test_the_french_polls_of_2017_are_prepared_as_published(france: Prepared) -> None:
    """143 polls of 8 houses over 155 days, rounding .5, effective sizes that sum to 146,436.3333."""
    design = france.design
    assert (len(design.day), len(design.houses), design.rounding) == (143, 8, 0.5)
    assert design.day[-1] - design.day[0] == 155
    assert design.size.sum() == pytest.approx(146_436.3333, abs=1e-3)


@pytest.mark.parametrize(("scales", "value"), [((0.0025, 0.010, 1), 324.3734), ((0.008, 0.007, 1), 509.0852)])
def test_the_likelihood_has_its_golden_value(
    france: Prepared, scales: tuple[float, float, float], value: float
) -> None:
    """Two independent implementations agree on it to four decimals."""
    assert log_likelihood(france.design, Scales(*scales)) == pytest.approx(value, abs=2e-4)


@pytest.mark.parametrize(
    ("day", "part", "effect", "error"),
    [(88, "nbcenter", -1.045, 1.778), (97, "nbcenter", 3.860, 1.591), (69, "nbright", -4.862, 2.283)],
)
def test_steps_at_fixed_scales_have_their_golden_values(
    france: Prepared, day: int, part: str, effect: float, error: float
) -> None:
    """Step and standard error at three dates of the campaign."""
    design = france.design
    made = steps(design, Scales(0.008, 0.007, 1), design.day[:1] + day)
    found = made.effects(design.parts.index(part))
    assert float(found[0][0]) == pytest.approx(effect, abs=1e-3)
    assert float(found[1][0]) == pytest.approx(error, abs=1e-3)


def test_the_fit_and_the_forecast_have_their_golden_values(france: Prepared) -> None:
    """Scales, election-day shares and their spread; mean error of the named parts .715 points."""
    design = france.design
    made = fit(design)
    assert made.scales.walk == pytest.approx(0.00854, abs=5e-5)
    assert made.scales.house == pytest.approx(0.00694, abs=5e-5)
    assert made.scales.design == pytest.approx(0.857, abs=2e-3)
    assert made.log_likelihood == pytest.approx(512.48, abs=0.01)
    day = float(design.day[0] + 157)
    now = standing(track(design, made.scales, day), day, NO_SHARED_ERROR)
    golden = [19.06, 7.58, 23.98, 19.29, 4.13, 22.54, 3.41]
    assert 100 * now.shares == pytest.approx(golden, abs=0.01)
    spread = 100 * now.draws(1).std(axis=0)
    assert spread == pytest.approx([1.29, 0.83, 1.38, 1.28, 0.69, 1.34, 0.55], abs=0.03)
    assert np.mean(np.abs(100 * now.shares[:6] - RESULT)) == pytest.approx(0.715, abs=0.002)


def test_house_effects_have_their_golden_values(france: Prepared) -> None:
    """OpinionWay is 1.01 above on the right; no other named part is off by more than .51."""
    design = france.design
    effects = house_effects(track(design, fit(design).scales))
    size = {(e.pollster, e.party): e.effect for e in effects if e.party != "Other"}
    assert size.pop(("OpinionWay", "nbright")) == pytest.approx(1.01, abs=0.01)
    assert max(abs(value) for value in size.values()) == pytest.approx(0.51, abs=0.01)


def test_the_filter_agrees_with_statsmodels() -> None:
    """The same likelihood from a state-space package on a random design."""
    mlemodel = pytest.importorskip("statsmodels.tsa.statespace.mlemodel")
    design, scales = small_design(), Scales(0.006, 0.012, 1.3)
    width, states, polls = 2, 6, len(design.day)
    model = mlemodel.MLEModel(np.array(design.observed), k_states=states, k_posdef=states)
    selection = np.zeros((width, states, polls))
    noise = np.zeros((width, width, polls))
    walk = np.zeros((states, states, polls))
    for i in range(polls):
        selection[:, :width, i] = np.eye(width)
        block = slice((design.house[i] + 1) * width, (design.house[i] + 2) * width)
        selection[:, block, i] = np.eye(width)
        noise[:, :, i] = scales.design * design.noise[i] + 1e-10 * np.eye(width)
        if i + 1 < polls:  # statsmodels moves after a poll, the filter before it
            walk[:width, :width, i] = scales.walk**2 * design.gaps[i + 1] * design.walk_shape[i + 1]
    first = Filter(design, scales)
    model["design"], model["obs_cov"], model["state_cov"] = selection, noise, walk
    model["transition"], model["selection"] = np.eye(states), np.eye(states)
    model.initialize_known(first.mean.copy(), first.covariance.copy())
    model.ssm.loglikelihood_burn = 0
    theirs = model.ssm.loglike()
    assert log_likelihood(design, scales) == pytest.approx(theirs, abs=1e-6)


def test_the_smoother_agrees_with_brute_force() -> None:
    """Mean and covariance of the last and a middle day equal those of one joint normal distribution."""
    design, scales = small_design(3, 8), Scales(0.006, 0.012, 1.3)
    made = track(design, scales)
    days, width = made.days, 2
    size = width * len(days)
    prior = np.zeros((size, size))
    position = np.searchsorted(design.day, days)
    total = 0.25 * np.eye(width)
    for t in range(len(days)):
        if t:
            total = total + scales.walk**2 * design.walk_shape[position[t]]
        for s in range(t, len(days)):
            prior[t * width : (t + 1) * width, s * width : (s + 1) * width] = total
            prior[s * width : (s + 1) * width, t * width : (t + 1) * width] = total
    rows, seen = [], np.array(design.observed).ravel()
    for day in design.day:
        row = np.zeros((width, size))
        t = int(day - days[0])
        row[:, t * width : (t + 1) * width] = np.eye(width)
        rows.append(row)
    look = np.vstack(rows)
    noise = np.kron(design.house[:, None] == design.house[None, :], scales.house**2 * design.house_shape)
    for i in range(len(design.day)):
        part = slice(i * width, (i + 1) * width)
        noise[part, part] += scales.design * design.noise[i] + 1e-10 * np.eye(width)
    start = np.tile(design.basis @ np.log(design.local[0]), len(days))
    gain = prior @ look.T @ np.linalg.inv(look @ prior @ look.T + noise)
    mean = start + gain @ (seen - look @ start)
    covariance = prior - gain @ look @ prior
    for t in (len(days) - 1, len(days) // 2):
        part = slice(t * width, (t + 1) * width)
        assert made.mean[t, :width] == pytest.approx(mean[part], abs=1e-6)
        assert made.covariance[t, :width, :width] == pytest.approx(covariance[part, part], abs=1e-6)


def test_all_dates_at_once_equal_one_step_in_the_state() -> None:
    """The one-pass test equals generalised least squares with the step as a regressor."""
    design, scales = small_design(5), Scales(0.006, 0.012, 1.3)
    day = float(design.day[6])
    made = steps(design, scales, np.array([day]))
    exposure = rise(design, np.array([day]), "step")[:, 0]
    width, polls = 2, len(design.day)
    steps_so_far = np.cumsum([g * s for g, s in zip(design.gaps, design.walk_shape, strict=True)], axis=0)
    covariance = np.zeros((polls * width, polls * width))
    for i in range(polls):
        for j in range(polls):
            block = 0.25 * np.eye(width) + scales.walk**2 * steps_so_far[min(i, j)]
            if design.house[i] == design.house[j]:
                block = block + scales.house**2 * design.house_shape
            if i == j:
                block = block + scales.design * design.noise[i] + 1e-10 * np.eye(width)
            covariance[i * width : (i + 1) * width, j * width : (j + 1) * width] = block
    inverse = np.linalg.inv(covariance)
    regressor = np.kron(exposure[:, None], np.eye(width))
    away = np.array(design.observed).ravel() - np.tile(design.basis @ np.log(design.local[0]), polls)
    spread = np.linalg.inv(regressor.T @ inverse @ regressor + np.eye(width) / STEP_PRIOR)
    assert made.covariance[0] == pytest.approx(spread, abs=1e-8)
    assert made.mean[0] == pytest.approx(spread @ regressor.T @ inverse @ away, abs=1e-8)


def test_log_ratios_lead_back_to_the_shares() -> None:
    """Orthonormal contrasts that sum to zero; the way there and back changes nothing."""
    basis = helmert(5)
    assert basis @ basis.T == pytest.approx(np.eye(4))
    assert basis.sum(axis=1) == pytest.approx(np.zeros(4))
    shares = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    assert to_shares(basis @ np.log(shares), basis) == pytest.approx(shares)


def test_a_poll_that_hides_parts_says_less_and_only_what_it_shows() -> None:
    """With two parts hidden in their sum the likelihood is finite and the hidden split is not learnt."""
    design = small_design(7, 12)
    seen = np.ones((12, 3), dtype=bool)
    seen[-1, 1:] = False
    partial = Design(**{**_fields(design), "seen": seen})
    scales = Scales(0.003, 0.01, 1.0)
    whole, less = track(design, scales), track(partial, scales)
    assert np.isfinite(log_likelihood(partial, scales))
    assert np.trace(less.opinion(design.day[-1])[1]) > np.trace(whole.opinion(design.day[-1])[1])
    swapped = design.shares.copy()
    swapped[-1, 1:] = swapped[-1, :0:-1]
    other = track(Design(**{**_fields(design), "seen": seen, "shares": swapped}), scales)
    # the plug-in variances see the split a little; the estimate must not follow it
    moved = np.abs(other.opinion(design.day[-1])[0] - less.opinion(design.day[-1])[0]).max()
    free = track(Design(**{**_fields(design), "shares": swapped}), scales)
    followed = np.abs(free.opinion(design.day[-1])[0] - whole.opinion(design.day[-1])[0]).max()
    assert moved < 0.2 * followed


def _fields(design: Design) -> dict[str, object]:
    names = ("parts", "houses", "day", "shares", "size", "house", "rounding")
    return {name: getattr(design, name) for name in names}


def test_one_jump_does_not_blind_the_other_dates() -> None:
    """With a jump of eight points in the middle, the smallest detectable step elsewhere shrinks by a quarter."""
    rng = np.random.default_rng(11)
    day = np.arange(0, 120, 1.0)
    truth = np.where(day < 60, 0.30, 0.38)
    shares = np.array([rng.multinomial(2000, [p, 0.4, 0.6 - p]) / 2000 for p in truth])
    design = Design(("a", "b", "Other"), ("x",), day, shares, np.full(120, 2000.0), np.zeros(120, int), 0.1)
    plain = fit(design)
    drift = heavy_tailed(design, plain)
    assert any(before <= 60 <= after for before, after, _ in drift.jumps)
    quiet = np.array([30.0, 90.0])
    with_jump = steps(design, plain.scales, quiet).effects(0)[1]
    without = robust_steps(drift, quiet).effects(0)[1]
    assert (without < 0.75 * with_jump).all()
    found = shifts(drift, [59.0], ["a"])[0]
    assert found.p < 0.001
    assert found.interval[0] < 8 < found.interval[1]
