//! How much a picture is like another: PSNR, SSIM, and a checksum.

use tr2::media::plane::Plane;

/// The peak signal-to-noise ratio of two planes of one size, in decibels; at most 100.
pub fn psnr(one: &Plane, other: &Plane) -> f64 {
    let pairs = one.samples().iter().zip(other.samples());
    let error: f64 = pairs.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    let mean = error / one.samples().len() as f64;
    if mean == 0.0 { 100.0 } else { (10.0 * (255.0f64.powi(2) / mean).log10()).min(100.0) }
}

/// The structural similarity of two planes of one size: the mean over windows of 8x8, four apart (Wang and others, 2004).
pub fn ssim(one: &Plane, other: &Plane) -> f64 {
    let (mut total, mut windows) = (0.0, 0.0);
    for y in (0..=one.height() - 8).step_by(4) {
        for x in (0..=one.width() - 8).step_by(4) {
            let samples = |plane: &Plane| -> Vec<f64> {
                plane.part(x, y, 8, 8).samples().iter().map(|sample| f64::from(*sample)).collect()
            };
            total += likeness(&samples(one), &samples(other));
            windows += 1.0;
        }
    }
    total / windows
}

fn likeness(one: &[f64], other: &[f64]) -> f64 {
    let count = one.len() as f64;
    let mean = |samples: &[f64]| samples.iter().sum::<f64>() / count;
    let (a, b) = (mean(one), mean(other));
    let covariance = |one: &[f64], a: f64, other: &[f64], b: f64| {
        one.iter().zip(other).map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / count
    };
    let (variances, both) = (covariance(one, a, one, a) + covariance(other, b, other, b), covariance(one, a, other, b));
    let (first, second) = ((0.01f64 * 255.0).powi(2), (0.03f64 * 255.0).powi(2));
    (2.0 * a * b + first) * (2.0 * both + second) / ((a * a + b * b + first) * (variances + second))
}

/// A checksum (FNV-1a, 64 bits) of bytes after others.
pub fn checksum(so_far: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(so_far, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

/// The checksum of nothing.
pub const NOTHING: u64 = 0xCBF2_9CE4_8422_2325;
