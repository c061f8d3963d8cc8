//! How each macroblock is coded: of what may be said about it, that with the least error plus price.
//!
//! Must not know: packets, or which picture is referred to.

use crate::media::picture::Picture;

use super::fit::{ERROR, Fit, Prices};
use super::intra::Surroundings;
use super::map::BlockMap;
use super::models::Models;
use super::range::BitCount;
use super::rebuild::{self, blocks, moved_colour, moved_luma, quarters};
use super::search::VectorSearch;
use super::square::Square;
use super::syntax::Syntax;
use super::unit::{BlockKind, IntraMode, Macroblock, Prediction, Residual, Spot, Unit, Vector};

/// Decides for the macroblocks of one picture, in their order.
#[derive(Debug)]
pub(super) struct Decider<'a> {
    pub(super) source: &'a Picture,
    pub(super) reference: Option<&'a Picture>,
    pub(super) prices: Prices,
}

/// What was coded so far.
#[derive(Debug)]
pub(super) struct SoFar<'a> {
    pub(super) picture: &'a mut Picture,
    pub(super) map: &'a mut BlockMap,
    pub(super) models: &'a mut Models,
}

/// The samples of a unit.
#[derive(Debug)]
struct UnitSource {
    luma: Square,
    colours: [Square; 2],
}

impl UnitSource {
    fn read(picture: &Picture, spot: Spot) -> Self {
        let ((x, y), side) = (spot.corner(), spot.side());
        let [luma, blue, red] = picture.planes();
        let colour = |plane| Square::read(plane, x / 2, y / 2, side / 2);
        Self { luma: Square::read(luma, x, y, side), colours: [colour(blue), colour(red)] }
    }

    fn error(&self, other: &Self) -> u64 {
        let colours: u32 = self.colours.iter().zip(&other.colours).map(|(one, other)| one.error(other)).sum();
        u64::from(self.luma.error(&other.luma)) + u64::from(colours)
    }
}

impl Decider<'_> {
    /// Decides for a macroblock. Its samples are rebuilt then; the map does not know it yet.
    pub(super) fn macroblock(&self, so_far: &mut SoFar<'_>, spot: Spot) -> Macroblock {
        let whole = so_far.map.holds(spot).then(|| {
            let (unit, cost) = self.unit(so_far, spot, None);
            (unit, cost + self.split_price(so_far, spot, false))
        });
        if let Some((unit, _)) = &whole
            && matches!(unit.prediction, Prediction::Skip(_))
            && self.is_near(so_far, spot)
        {
            return Macroblock::Whole(Box::new(*unit));
        }
        let start = whole.as_ref().and_then(|(unit, _)| unit.prediction.vector());
        let mut cost = self.split_price(so_far, spot, true);
        let mut units = [Unit::new(Prediction::Intra(IntraMode::Mean)); 4];
        for (to, spot) in units.iter_mut().zip(spot.quarters()) {
            if so_far.map.holds(spot) {
                let (unit, unit_cost) = self.unit(so_far, spot, start);
                so_far.map.note(spot, &unit);
                *to = unit;
                cost += unit_cost;
            }
        }
        so_far.map.forget(spot);
        match whole {
            Some((unit, whole_cost)) if whole_cost <= cost => {
                self.rebuild(so_far, spot, &unit);
                Macroblock::Whole(Box::new(unit))
            }
            Some(_) | None => Macroblock::Split(Box::new(units)),
        }
    }

    fn split_price(&self, so_far: &mut SoFar<'_>, spot: Spot, split: bool) -> u64 {
        let mut count = BitCount::default();
        Syntax::new(&mut count, so_far.models, self.reference.is_some()).split(so_far.map, spot, split);
        self.prices.bits(&count)
    }

    /// Whether what was rebuilt differs so little from the source that nothing smaller would do better.
    fn is_near(&self, so_far: &SoFar<'_>, spot: Spot) -> bool {
        let error = UnitSource::read(so_far.picture, spot).error(&UnitSource::read(self.source, spot));
        let [step, _] = self.prices.steps;
        let step = u64::from(step.unsigned_abs());
        error * 64 * 64 * 16 < step * step * (spot.side() * spot.side()) as u64
    }

    fn rebuild(&self, so_far: &mut SoFar<'_>, spot: Spot, unit: &Unit) {
        rebuild::unit(so_far.picture, self.reference, spot, unit, self.prices.steps);
    }

    /// Rebuilds a unit, and says its error plus price.
    fn weigh(&self, so_far: &mut SoFar<'_>, spot: Spot, unit: &Unit, source: &UnitSource) -> u64 {
        self.rebuild(so_far, spot, unit);
        let mut count = BitCount::default();
        Syntax::new(&mut count, so_far.models, self.reference.is_some()).unit(so_far.map, spot, unit);
        source.error(&UnitSource::read(so_far.picture, spot)) * ERROR + self.prices.bits(&count)
    }

    /// The best unit for a place, which is rebuilt then; and its error plus price. The vector of a larger unit around it
    /// shortens the search.
    fn unit(&self, so_far: &mut SoFar<'_>, spot: Spot, start: Option<Vector>) -> (Unit, u64) {
        let source = UnitSource::read(self.source, spot);
        let mut best = BestUnit::default();
        if let Some(reference) = self.reference {
            let expected = so_far.map.expected(spot);
            best.offer(self, so_far, spot, Unit::new(Prediction::Skip(expected)), &source);
            if expected != Vector::default() {
                best.offer(self, so_far, spot, Unit::new(Prediction::Skip(Vector::default())), &source);
            }
            if best.is_skip_near(self, so_far, spot) {
                return best.settle(self, so_far, spot);
            }
            let [luma, ..] = reference.planes();
            let [step, _] = self.prices.steps;
            let search = VectorSearch { source: &source.luma, reference: luma, corner: spot.corner(), expected, step };
            let starts = std::iter::once(Vector::default()).chain(so_far.map.around(spot)).chain(start);
            let (vector, distance) = search.run(starts, start.is_some());
            let inter = self.inter(so_far, spot, &source, reference, vector);
            best.offer(self, so_far, spot, inter, &source);
            if vector != expected {
                let inter = self.inter(so_far, spot, &source, reference, expected);
                best.offer(self, so_far, spot, inter, &source);
            }
            if self.nearest_mode(so_far, spot, &source).1 > distance.saturating_mul(5) / 4 {
                return best.settle(self, so_far, spot);
            }
        }
        let modes = if self.reference.is_some() {
            vec![self.nearest_mode(so_far, spot, &source).0]
        } else {
            IntraMode::ALL.to_vec()
        };
        for mode in modes {
            let intra = self.intra(so_far, spot, &source, mode);
            best.offer(self, so_far, spot, intra, &source);
        }
        if spot.blocks == 1 {
            let fine = self.fine_intra(so_far, spot, &source);
            best.offer(self, so_far, spot, fine, &source);
        }
        best.settle(self, so_far, spot)
    }

    /// The mode whose prediction of the whole unit is nearest, and its distance.
    fn nearest_mode(&self, so_far: &SoFar<'_>, spot: Spot, source: &UnitSource) -> (IntraMode, u32) {
        let ((x, y), side) = (spot.corner(), spot.side());
        let [luma, ..] = so_far.picture.planes();
        let around = Surroundings::read(luma, x, y, side);
        let distances = IntraMode::ALL.map(|mode| (mode, around.predict(mode).distance(&source.luma)));
        distances.into_iter().min_by_key(|(_, distance)| *distance).unwrap_or_default()
    }

    fn fit<'b>(&self, models: &'b mut Models) -> Fit<'b> {
        Fit { prices: self.prices, models, inter: self.reference.is_some() }
    }

    fn inter(
        &self,
        so_far: &mut SoFar<'_>,
        spot: Spot,
        source: &UnitSource,
        reference: &Picture,
        vector: Vector,
    ) -> Unit {
        let mut unit = Unit::new(Prediction::Inter(vector));
        let ((x, y), side) = (spot.corner(), spot.side());
        let [luma, colours @ ..] = reference.planes();
        let rest = source.luma.minus(&moved_luma(luma, (x, y), side, vector));
        let mut around = so_far.map.count(spot, |block| block.coded);
        let mut coded = 0;
        for ((dx, dy), to) in blocks(spot.blocks).zip(&mut unit.luma) {
            *to = self.fit(so_far.models).luma(&rest.part(dx, dy, 8), around, false).0;
            coded += usize::from(to.is_coded());
            around = 3 + coded.min(2);
        }
        for ((plane, source), to) in colours.iter().zip(&source.colours).zip(&mut unit.colours) {
            let rest = source.minus(&moved_colour(plane, (x / 2, y / 2), side / 2, vector));
            *to = self.fit(so_far.models).colour(&rest);
        }
        unit
    }

    fn intra(&self, so_far: &mut SoFar<'_>, spot: Spot, source: &UnitSource, mode: IntraMode) -> Unit {
        let mut unit = Unit::new(Prediction::Intra(mode));
        let (x, y) = spot.corner();
        let [step, _] = self.prices.steps;
        let mut around = so_far.map.count(spot, |block| block.coded);
        let mut coded = 0;
        for ((dx, dy), to) in blocks(spot.blocks).zip(&mut unit.luma) {
            let [luma, ..] = so_far.picture.planes_mut();
            let mut square = Surroundings::read(luma, x + dx, y + dy, 8).predict(mode);
            let rest = source.luma.part(dx, dy, 8).minus(&square);
            *to = self.fit(so_far.models).luma(&rest, 6 + around, true).0;
            coded += usize::from(to.is_coded());
            around = 3 + coded.min(2);
            rebuild::add_luma(&mut square, (0, 0), to, step);
            square.write(luma, x + dx, y + dy);
        }
        self.intra_colours(so_far, spot, source, mode, &mut unit);
        unit
    }

    fn intra_colours(&self, so_far: &mut SoFar<'_>, spot: Spot, source: &UnitSource, mode: IntraMode, unit: &mut Unit) {
        let ((x, y), side) = (spot.corner(), spot.side());
        let [_, colours @ ..] = so_far.picture.planes();
        for ((plane, source), to) in colours.iter().zip(&source.colours).zip(&mut unit.colours) {
            let square = Surroundings::read(plane, x / 2, y / 2, side / 2).predict(mode);
            *to = self.fit(so_far.models).colour(&source.minus(&square));
        }
    }

    fn fine_intra(&self, so_far: &mut SoFar<'_>, spot: Spot, source: &UnitSource) -> Unit {
        let (x, y) = spot.corner();
        let [step, _] = self.prices.steps;
        let mut modes = [IntraMode::Mean; 4];
        let mut residual = Residual { fine: true, ..Residual::default() };
        for (((dx, dy), chosen), to) in quarters().zip(&mut modes).zip(residual.levels.chunks_exact_mut(16)) {
            let [luma, ..] = so_far.picture.planes_mut();
            let around = Surroundings::read(luma, x + dx, y + dy, 4);
            let wanted = source.luma.part(dx, dy, 4);
            let distance = |mode: &IntraMode| around.predict(*mode).distance(&wanted);
            *chosen = IntraMode::ALL.into_iter().min_by_key(distance).unwrap_or_default();
            let mut square = around.predict(*chosen);
            let (levels, _) = self.fit(so_far.models).block(BlockKind::FineLuma, &wanted.minus(&square), step);
            to.iter_mut().zip(levels).for_each(|(to, level)| *to = level);
            rebuild::add(&mut square, to, step);
            square.write(luma, x + dx, y + dy);
        }
        let [mode, ..] = modes;
        let mut unit = Unit::new(Prediction::FineIntra(modes));
        unit.luma = [residual, Residual::default(), Residual::default(), Residual::default()];
        self.intra_colours(so_far, spot, source, mode, &mut unit);
        unit
    }
}

/// The best unit so far.
#[derive(Debug, Default)]
struct BestUnit {
    best: Option<(Unit, u64)>,
}

impl BestUnit {
    fn offer(&mut self, decider: &Decider<'_>, so_far: &mut SoFar<'_>, spot: Spot, unit: Unit, source: &UnitSource) {
        let cost = decider.weigh(so_far, spot, &unit, source);
        if self.best.is_none_or(|(_, least)| cost < least) {
            self.best = Some((unit, cost));
        }
    }

    /// Whether skipping is so near that nothing else needs to be tried.
    fn is_skip_near(&self, decider: &Decider<'_>, so_far: &mut SoFar<'_>, spot: Spot) -> bool {
        let Some((unit, _)) = self.best else { return false };
        decider.rebuild(so_far, spot, &unit);
        decider.is_near(so_far, spot)
    }

    fn settle(self, decider: &Decider<'_>, so_far: &mut SoFar<'_>, spot: Spot) -> (Unit, u64) {
        let (unit, cost) = self.best.unwrap_or((Unit::new(Prediction::Intra(IntraMode::Mean)), 0));
        decider.rebuild(so_far, spot, &unit);
        (unit, cost)
    }
}
