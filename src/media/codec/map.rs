//! What is known of each block of 8x8 of the picture so far: the surroundings of the units to come.
//!
//! Must not know: samples, or bits.

use super::unit::{Prediction, Spot, Unit, Vector};

/// What is known of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockFacts {
    /// Nothing, if it was predicted from the samples around.
    pub(super) vector: Option<Vector>,
    pub(super) skipped: bool,
    /// It was a unit of its own.
    pub(super) small: bool,
    /// Something was left over in its brightness.
    pub(super) coded: bool,
}

/// The picture's blocks.
#[derive(Clone, Debug)]
pub(super) struct BlockMap {
    across: usize,
    down: usize,
    blocks: Vec<Option<BlockFacts>>,
}

impl BlockMap {
    pub(super) fn new(across: usize, down: usize) -> Self {
        Self { across, down, blocks: vec![None; across * down] }
    }

    /// Whether a unit is all inside.
    pub(super) fn holds(&self, spot: Spot) -> bool {
        spot.across + spot.blocks <= self.across && spot.down + spot.blocks <= self.down
    }

    /// A block, if it is inside and was coded. Coordinates are one too large, so that those to the left have some.
    fn beyond(&self, across: usize, down: usize) -> Option<BlockFacts> {
        let (across, down) = (across.checked_sub(1)?, down.checked_sub(1)?);
        let at = (across < self.across).then_some(down * self.across + across)?;
        self.blocks.get(at).copied().flatten()
    }

    /// The blocks to the left of a unit and above it.
    pub(super) fn beside(&self, spot: Spot) -> [Option<BlockFacts>; 2] {
        [self.beyond(spot.across, spot.down + 1), self.beyond(spot.across + 1, spot.down)]
    }

    /// How many of the two blocks beside a unit are of some kind.
    pub(super) fn count(&self, spot: Spot, is: impl Fn(&BlockFacts) -> bool) -> usize {
        self.beside(spot).iter().flatten().filter(|facts| is(facts)).count()
    }

    /// Where a unit seems to have moved: the median of the vectors to the left, above and above to the right (H.263, 1996).
    pub(super) fn expected(&self, spot: Spot) -> Vector {
        let [left, above] = self.beside(spot);
        let corner =
            self.beyond(spot.across + 1 + spot.blocks, spot.down).or_else(|| self.beyond(spot.across, spot.down));
        let vectors = [left, above, corner].map(|facts| facts.and_then(|facts| facts.vector));
        let mut known = vectors.iter().flatten();
        match (known.next(), known.next()) {
            (Some(only), None) => *only,
            _ => Vector::median(vectors.map(Option::unwrap_or_default)),
        }
    }

    /// The vectors around a unit, to begin a search with.
    pub(super) fn around(&self, spot: Spot) -> impl Iterator<Item = Vector> {
        let [left, above] = self.beside(spot);
        let corner = self.beyond(spot.across + 1 + spot.blocks, spot.down);
        [left, above, corner].into_iter().flatten().filter_map(|facts| facts.vector)
    }

    /// Notes a unit.
    pub(super) fn note(&mut self, spot: Spot, unit: &Unit) {
        let vector = unit.prediction.vector();
        let skipped = matches!(unit.prediction, Prediction::Skip(_));
        let blocks = (0..spot.blocks).flat_map(|y| (0..spot.blocks).map(move |x| (x, y)));
        for ((x, y), residual) in blocks.zip(&unit.luma) {
            let facts = BlockFacts { vector, skipped, small: spot.blocks == 1, coded: residual.is_coded() };
            self.set(spot.across + x, spot.down + y, Some(facts));
        }
    }

    /// Forgets a unit.
    pub(super) fn forget(&mut self, spot: Spot) {
        for y in 0..spot.blocks {
            (0..spot.blocks).for_each(|x| self.set(spot.across + x, spot.down + y, None));
        }
    }

    fn set(&mut self, across: usize, down: usize, facts: Option<BlockFacts>) {
        if across < self.across
            && let Some(block) = self.blocks.get_mut(down * self.across + across)
        {
            *block = facts;
        }
    }
}
