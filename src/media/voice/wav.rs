//! Sound files, and sound as a stream of bytes: 16-bit samples, little-endian, of one channel or of more, which become one.
//!
//! Must not know: where the bytes come from.

use super::RATE;
use super::stretch::stretched;

/// Samples a second that a file may have.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=48_000;
/// The most channels of a file.
const CHANNELS: std::ops::RangeInclusive<u16> = 1..=8;
/// The format of plain samples.
const PLAIN: u16 = 1;

/// Why bytes are no sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WavError {
    /// They are not a WAV file, or one that is cut off before its sound.
    NotWav,
    /// The samples are not 16 bits each, 8,000 to 48,000 a second, of at most eight channels.
    Samples,
}

/// The sound of a WAV file, [`RATE`] samples a second.
///
/// # Errors
/// If it is none that can be read.
pub fn read(bytes: &[u8]) -> Result<Vec<i16>, WavError> {
    let (head, mut rest) = bytes.split_first_chunk::<12>().ok_or(WavError::NotWav)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WAVE") {
        return Err(WavError::NotWav);
    }
    let mut format = None;
    loop {
        let (name, after) = rest.split_first_chunk::<4>().ok_or(WavError::NotWav)?;
        let (length, after) = after.split_first_chunk::<4>().ok_or(WavError::NotWav)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        // A file that somebody still writes says more than there is.
        let (chunk, next) = after.split_at(length.min(after.len()));
        match (name, format) {
            (b"fmt ", _) => format = Some(format_of(chunk)?),
            (b"data", Some((channels, rate))) => return Ok(at_our_rate(&one_channel(chunk, channels), rate)),
            _ => {}
        }
        rest = next.get(length % 2..).ok_or(WavError::NotWav)?;
    }
}

/// The channels and the rate of a format that can be read.
fn format_of(chunk: &[u8]) -> Result<(u16, u32), WavError> {
    let fields = chunk.first_chunk::<16>().ok_or(WavError::NotWav)?;
    let &[f0, f1, c0, c1, r0, r1, r2, r3, .., b0, b1] = fields;
    let [format, channels, bits] = [[f0, f1], [c0, c1], [b0, b1]].map(u16::from_le_bytes);
    let rate = u32::from_le_bytes([r0, r1, r2, r3]);
    let is_ours = format == PLAIN && bits == 16 && CHANNELS.contains(&channels) && RATES.contains(&rate);
    is_ours.then_some((channels, rate)).ok_or(WavError::Samples)
}

/// The mean of the channels.
fn one_channel(bytes: &[u8], channels: u16) -> Vec<i16> {
    let samples = samples(bytes);
    let mean = |frame: &[i16]| {
        let sum: i32 = frame.iter().copied().map(i32::from).sum();
        i16::try_from(sum / i32::from(channels)).unwrap_or(0)
    };
    samples.chunks_exact(channels.into()).map(mean).collect()
}

fn at_our_rate(sound: &[i16], rate: u32) -> Vec<i16> {
    let length = sound.len() as u64 * u64::from(RATE) / u64::from(rate);
    stretched(sound, usize::try_from(length).unwrap_or(0))
}

/// The samples of bytes; half a one at the end is left out.
#[must_use]
pub fn samples(bytes: &[u8]) -> Vec<i16> {
    bytes.as_chunks().0.iter().copied().map(i16::from_le_bytes).collect()
}

/// The bytes of samples.
#[must_use]
pub fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}
