//! A moving test pattern made from a number, so that calls can be tried, tested and measured without a camera: a head
//! with moving eyes and mouth before a still background, a colour wheel's hues, a light that wanders, and a little noise.
//!
//! Must not know: clocks; the number of the picture is the time.

use super::picture::{Picture, PictureSize};
use super::plane::Plane;

/// Pictures until the pattern begins anew.
const PERIOD: u32 = 240;
/// The sides of the square on which the pattern is laid out.
const UNITS: i32 = 1024;

/// The picture of a number. The same number gives the same picture.
#[must_use]
pub fn test_picture(size: PictureSize, number: u32) -> Picture {
    let (width, height) = (size.width(), size.height());
    let at = Moment::new(number);
    let mut luma = Vec::with_capacity(width * height);
    let mut colours = [Vec::new(), Vec::new()];
    for y in 0..height {
        for x in 0..width {
            let [brightness, blue, red] = at.sample(units(x, width), units(y, height));
            let noise = i32::try_from(hash(number, x, y) & 3).unwrap_or(0) - 1;
            luma.push(byte(brightness + noise));
            if x % 2 == 0 && y % 2 == 0 {
                let [blues, reds] = &mut colours;
                blues.push(byte(128 + blue));
                reds.push(byte(128 + red));
            }
        }
    }
    let [blue, red] = colours;
    let plane = |width, height, samples| {
        Plane::from_samples(width, height, samples).unwrap_or_else(|| Plane::filled(width, height, 128))
    };
    let planes = [plane(width, height, luma), plane(width / 2, height / 2, blue), plane(width / 2, height / 2, red)];
    Picture::from_planes(size, planes).unwrap_or_else(|| Picture::filled(size, 128))
}

/// Where everything is in one picture.
struct Moment {
    head: (i32, i32),
    gaze: i32,
    mouth: i32,
    light: (i32, i32),
}

impl Moment {
    fn new(number: u32) -> Self {
        let swing =
            |pictures: u32, size: i32| wave(number.wrapping_mul(PERIOD / pictures.max(1)) % PERIOD) * size / UNITS;
        Self {
            head: (512 + swing(60, 60), 480 + swing(40, 24)),
            gaze: swing(120, 18),
            // Speaks for two seconds, listens for two.
            mouth: if number % 60 < 30 { 8 + swing(10, 24).abs() } else { 8 },
            light: (512 + swing(120, 400), 150 + swing(80, 90)),
        }
    }

    /// Brightness and the two colour differences at a place.
    fn sample(&self, x: i32, y: i32) -> [i32; 3] {
        let (head_x, head_y) = (x - self.head.0, y - self.head.1);
        let mut sample = background(x, y);
        if within(head_x, y - 1010, 380, 330) {
            sample = [70 + head_x / 24, 18, -14];
        }
        if within(head_x, head_y, 190, 290) {
            let shade = head_x / 8 + head_y / 16;
            sample = [160 - shade, -14, 18];
            if within(head_x, head_y + 230, 200, 110) {
                sample = [48 + (head_x + head_y) % 40 / 4, -4, 6];
            }
            for side in [-80, 80] {
                if within(head_x - side, head_y + 50, 36, 20) {
                    sample =
                        if within(head_x - side - self.gaze, head_y + 50, 14, 20) { [30, 0, 0] } else { [220, 0, 0] };
                }
            }
            if within(head_x, head_y - 140, 70, self.mouth) {
                sample = [84, -6, 34];
            }
        }
        if within(x - self.light.0, y - self.light.1, 60, 60) {
            sample = [230, -40, 6];
        }
        sample
    }
}

/// A wall with stripes that grow lighter, and a shelf.
fn background(x: i32, y: i32) -> [i32; 3] {
    let stripes = if x / 64 % 2 == 0 { 8 } else { 0 };
    if (680..720).contains(&y) { [60, -8, 12] } else { [96 + x / 16 + stripes - y / 32, x / 64 - 8, 8 - y / 64] }
}

/// Whether a place is within an ellipse around the origin.
fn within(x: i32, y: i32, half_width: i32, half_height: i32) -> bool {
    let part = |at: i32, half: i32| i64::from(at) * i64::from(at) * 1024 / (i64::from(half) * i64::from(half)).max(1);
    part(x, half_width) + part(y, half_height) <= 1024
}

/// A smooth wave of period [`PERIOD`] between minus and plus [`UNITS`]: two parabolas.
fn wave(at: u32) -> i32 {
    let half = i32::try_from(PERIOD / 2).unwrap_or(1);
    let at = i32::try_from(at % PERIOD).unwrap_or(0);
    let (within_half, sign) = if at < half { (at, 1) } else { (at - half, -1) };
    sign * 4 * UNITS * within_half / half * (half - within_half) / half
}

fn units(at: usize, side: usize) -> i32 {
    let units = UNITS.unsigned_abs() as usize;
    i32::try_from(at * units / side.max(1)).unwrap_or(0)
}

fn byte(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(0)
}

/// Bits that look random (the finalizer of SplitMix64).
fn hash(number: u32, x: usize, y: usize) -> u64 {
    let place = (x as u64) << 16 | y as u64;
    let mixed = (u64::from(number % PERIOD) << 32 | place).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
