//! Sound without a microphone, as like speech as needs be: syllables of a voice that goes up and down, with pauses.
//!
//! Must not know: who hears it.

use super::RATE;

/// A syllable, in samples, and the part of it that sounds: now and then all of it, more often the rest is a pause.
const SYLLABLE: u64 = 3_200;
const SOUNDS: u64 = 3_000;
/// Its beginning hisses, as an S does.
const HISSES: u64 = 800;
/// Every so many syllables one is a pause.
const PAUSE: u64 = 9;
/// The pitch of the lowest voice, in hundredths of a hertz, and how much higher each of the next syllables is.
const PITCH: u64 = 11_000;
const STEP: u64 = 900;
/// How loud the overtones are, of 100.
const OVERTONES: [i64; 12] = [40, 60, 100, 55, 25, 30, 45, 35, 10, 12, 18, 8];

/// The sample of a place, counted from the beginning.
#[must_use]
pub fn test_sound(place: u64) -> i16 {
    let (syllable, at) = (place / SYLLABLE, place % SYLLABLE);
    if at >= SOUNDS || syllable % PAUSE == PAUSE - 1 {
        return 0;
    }
    // Up and down within the syllable, without a click at either end.
    let edge = i64::try_from(at.min(SOUNDS - at).min(400)).unwrap_or(0);
    let hiss = noise(place) / if at < HISSES { 3 } else { 60 };
    let pitch = PITCH + STEP * (syllable * 5 % 7) + at / 8;
    let tone = |(number, loud): (u64, i64)| {
        let phase = at * pitch * number * 4096 / (100 * u64::from(RATE)) % 4096;
        loud * wave(phase)
    };
    let tones: i64 = if at < HISSES / 2 { 0 } else { (1..).zip(OVERTONES).map(tone).sum() };
    i16::try_from((tones / 45 + hiss) * edge / 400).unwrap_or(0)
}

/// Noise between -8192 and 8191, the same at the same place.
fn noise(place: u64) -> i64 {
    let mixed = (place ^ place >> 7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    i64::try_from(mixed >> 50).unwrap_or(0) - 8192
}

/// A round wave of 4096 steps, between -1000 and 1000.
fn wave(phase: u64) -> i64 {
    let half = i64::try_from(phase % 2048).unwrap_or(0);
    let arc = half * (2048 - half) * 1000 / (1024 * 1024);
    if phase < 2048 { arc } else { -arc }
}
