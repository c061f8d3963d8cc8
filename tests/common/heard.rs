//! How much two sounds are alike.

/// The correlation of two sounds, over the length of the shorter: one if they are the same but for their loudness, zero if they
/// have nothing to do with each other.
pub fn likeness(one: &[i16], other: &[i16]) -> f64 {
    let (mut product, mut ours, mut theirs) = (0.0, 0.0, 0.0);
    for (one, other) in one.iter().zip(other) {
        let (one, other) = (f64::from(*one), f64::from(*other));
        product += one * other;
        ours += one * one;
        theirs += other * other;
    }
    product / (ours * theirs).sqrt().max(1.0)
}
