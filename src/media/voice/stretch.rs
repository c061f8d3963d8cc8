//! Sound made a little longer or shorter, by which it is a little lower or higher: few per cent are not noticed.
//!
//! Must not know: why.

/// The same sound in so many samples, each between the two nearest. Nothing of nothing.
#[must_use]
pub fn stretched(sound: &[i16], length: usize) -> Vec<i16> {
    if sound.len() == length || sound.is_empty() {
        return sound.to_vec();
    }
    let sample = |at: usize| sound.get(at).or(sound.last()).copied().map_or(0, i64::from);
    let between = |number: usize| {
        // In thousandths of a sample.
        let at = number * sound.len() * 1000 / length;
        let (before, after) = (sample(at / 1000), sample(at / 1000 + 1));
        let part = i64::try_from(at % 1000).unwrap_or(0);
        i16::try_from(before + (after - before) * part / 1000).unwrap_or(0)
    };
    (0..length).map(between).collect()
}
