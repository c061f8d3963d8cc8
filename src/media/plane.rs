//! Planes: rectangles of samples, and scaling them by area.
//!
//! Must not know: what the samples mean.

/// A rectangle of samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

impl Plane {
    /// A plane of one value.
    #[must_use]
    pub fn filled(width: usize, height: usize, value: u8) -> Self {
        Self { width, height, samples: vec![value; width.saturating_mul(height)] }
    }

    /// A plane of given samples, row by row, if there are as many as it takes.
    #[must_use]
    pub fn from_samples(width: usize, height: usize, samples: Vec<u8>) -> Option<Self> {
        (width.checked_mul(height) == Some(samples.len())).then_some(Self { width, height, samples })
    }

    /// Samples in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// All samples, row by row.
    #[must_use]
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// All samples, row by row.
    pub fn samples_mut(&mut self) -> &mut [u8] {
        &mut self.samples
    }

    /// The rows from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.samples.chunks_exact(self.width.max(1))
    }

    /// A row; empty outside the plane.
    #[must_use]
    pub fn row(&self, y: usize) -> &[u8] {
        let start = y.saturating_mul(self.width);
        self.samples.get(start..start.saturating_add(self.width)).unwrap_or_default()
    }

    /// A row; empty outside the plane.
    pub fn row_mut(&mut self, y: usize) -> &mut [u8] {
        let start = y.saturating_mul(self.width);
        self.samples.get_mut(start..start.saturating_add(self.width)).unwrap_or_default()
    }

    /// The sample nearest to a place, which may be outside.
    #[must_use]
    pub fn nearest(&self, x: i32, y: i32) -> u8 {
        self.row(inside(y, self.height)).get(inside(x, self.width)).copied().unwrap_or(0)
    }

    /// The rectangle at a place, as far as it is inside.
    #[must_use]
    pub fn part(&self, x: usize, y: usize, width: usize, height: usize) -> Self {
        let (width, height) = (width.min(self.width.saturating_sub(x)), height.min(self.height.saturating_sub(y)));
        let rows = self.rows().skip(y).take(height).flat_map(|row| row.iter().skip(x).take(width));
        Self { width, height, samples: rows.copied().collect() }
    }

    /// The same plane, larger; its last column and row are repeated.
    #[must_use]
    pub fn extended(&self, width: usize, height: usize) -> Self {
        let mut larger = Self::filled(width, height, 0);
        for y in 0..height {
            let from = self.row(y.min(self.height.saturating_sub(1)));
            let last = from.last().copied().unwrap_or(0);
            let samples = from.iter().copied().chain(std::iter::repeat(last));
            larger.row_mut(y).iter_mut().zip(samples).for_each(|(to, from)| *to = from);
        }
        larger
    }

    /// The same plane at another size: each sample is the mean of the area that it covers. Sides are at most 4,096.
    #[must_use]
    pub fn scaled(&self, width: usize, height: usize) -> Self {
        let mut narrowed: Vec<u32> = Vec::with_capacity(width * self.height);
        let columns = shares(self.width, width);
        for row in self.rows() {
            narrowed.extend(columns.iter().map(|(first, covered)| {
                let samples = row.iter().skip(*first);
                samples.zip(covered).map(|(sample, share)| u32::from(*sample) * share).sum::<u32>()
            }));
        }
        let mut result = Self::filled(width, height, 0);
        let area = u64::try_from(self.width * self.height).unwrap_or(u64::MAX).max(1);
        let mut sums = vec![0u64; width];
        for (y, (first, covered)) in shares(self.height, height).into_iter().enumerate() {
            sums.fill(0);
            let rows = narrowed.chunks_exact(width.max(1)).skip(first);
            for (row, share) in rows.zip(covered) {
                sums.iter_mut().zip(row).for_each(|(sum, sample)| *sum += u64::from(*sample) * u64::from(share));
            }
            for (to, sum) in result.row_mut(y).iter_mut().zip(&sums) {
                *to = u8::try_from((sum + area / 2) / area).unwrap_or(u8::MAX);
            }
        }
        result
    }
}

/// The nearest coordinate within a side.
fn inside(at: i32, side: usize) -> usize {
    usize::try_from(at).unwrap_or(0).min(side.saturating_sub(1))
}

/// For each sample of a side of `to`, the samples of a side of `from` that it covers: where they begin, and how much of
/// each, in parts of `from` altogether.
fn shares(from: usize, to: usize) -> Vec<(usize, Vec<u32>)> {
    // Both sides are measured in units of which a sample of the source has `to` and a sample of the result has `from`.
    (0..to)
        .map(|at| {
            let (start, end) = (at * from, (at + 1) * from);
            let first = start / to.max(1);
            let covered = (first..end.div_ceil(to.max(1))).map(|sample| {
                let overlap = end.min((sample + 1) * to) - start.max(sample * to);
                u32::try_from(overlap).unwrap_or(0)
            });
            (first, covered.collect())
        })
        .collect()
}
