//! Colours of samples and of terminals: from brightness and colour differences (ITU-R BT.601) to red, green and blue, and from
//! those to the nearest of 256 or 16.
//!
//! Must not know: cells, or what a terminal is sent.

/// Red, green and blue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rgb {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Rgb {
    /// A colour.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The colour of a sample: brightness, blue difference, red difference, in the narrow range.
    #[must_use]
    pub fn of_sample(luma: u8, blue: u8, red: u8) -> Self {
        let (luma, blue, red) = (298 * (i32::from(luma) - 16), i32::from(blue) - 128, i32::from(red) - 128);
        let byte = |value: i32| ((value + 128) >> 8).clamp(0, 255) as u8;
        Self::new(byte(luma + 409 * red), byte(luma - 100 * blue - 208 * red), byte(luma + 516 * blue))
    }

    /// The three, as numbers.
    pub(super) fn numbers(self) -> [i32; 3] {
        [self.red, self.green, self.blue].map(i32::from)
    }

    /// Whether none of the three differs by more than so much.
    #[must_use]
    pub fn is_near(self, other: Self, most: u8) -> bool {
        self.numbers().iter().zip(other.numbers()).all(|(one, other)| one.abs_diff(other) <= u32::from(most))
    }

    /// How far two colours are apart, squared: in brightness, by which shapes are seen, and as much each in red and in blue
    /// beside it, for where few colours are at hand, faces would else become grey or green.
    pub(super) fn distance(self, other: Self) -> i32 {
        let [red, green, blue] = self.numbers();
        let [other_red, other_green, other_blue] = other.numbers();
        let (red, green, blue) = (red - other_red, green - other_green, blue - other_blue);
        let brightness = (77 * red + 150 * green + 29 * blue) >> 8;
        let (blue, red) = (blue - brightness, red - brightness);
        brightness * brightness + blue * blue + red * red
    }

    /// How bright it is, from 0 to 255.
    #[must_use]
    pub fn brightness(self) -> u8 {
        let [red, green, blue] = self.numbers();
        ((77 * red + 150 * green + 29 * blue) >> 8).clamp(0, 255) as u8
    }
}

/// The steps of the cube of 216 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest of the 240 colours that 256-colour terminals agree about: the cube from 16, the greys from 232.
#[must_use]
pub fn nearest_of_256(colour: Rgb) -> u8 {
    // Of the cube, the corners around it: rounding each of the three by itself would shift the brightness.
    let steps = |value: u8| {
        let above = STEPS.iter().position(|step| *step >= value).unwrap_or(STEPS.len() - 1);
        [above.saturating_sub(1), above].map(|at| (STEPS.get(at).copied().unwrap_or(0), at as u8))
    };
    let mut best = (i32::MAX, 0);
    let mut look = |other: Rgb, index: u8| best = best.min((colour.distance(other), index));
    let at = (colour.brightness().saturating_sub(3) / 10).min(23);
    let grey = 8 + 10 * at;
    look(Rgb::new(grey, grey, grey), 232 + at);
    for (red, across) in steps(colour.red) {
        for (green, down) in steps(colour.green) {
            for (blue, deep) in steps(colour.blue) {
                look(Rgb::new(red, green, blue), 16 + 36 * across + 6 * down + deep);
            }
        }
    }
    best.1
}

/// The colours of xterm's palette of 16; other terminals have them about so.
const SIXTEEN: [Rgb; 16] = [
    Rgb::new(0, 0, 0),
    Rgb::new(205, 0, 0),
    Rgb::new(0, 205, 0),
    Rgb::new(205, 205, 0),
    Rgb::new(0, 0, 238),
    Rgb::new(205, 0, 205),
    Rgb::new(0, 205, 205),
    Rgb::new(229, 229, 229),
    Rgb::new(127, 127, 127),
    Rgb::new(255, 0, 0),
    Rgb::new(0, 255, 0),
    Rgb::new(255, 255, 0),
    Rgb::new(92, 92, 255),
    Rgb::new(255, 0, 255),
    Rgb::new(0, 255, 255),
    Rgb::new(255, 255, 255),
];

/// The nearest of 16 colours.
#[must_use]
pub fn nearest_of_16(colour: Rgb) -> u8 {
    let nearest = SIXTEEN.iter().zip(0u8..).min_by_key(|(one, _)| colour.distance(**one));
    nearest.map_or(0, |(_, at)| at)
}

/// What one of the 256 colours looks like; the first 16 as in xterm.
#[must_use]
pub fn indexed(index: u8) -> Rgb {
    match index {
        0..=15 => SIXTEEN.get(usize::from(index)).copied().unwrap_or_default(),
        16..=231 => {
            let step = |at: u8| STEPS.get(usize::from(at % 6)).copied().unwrap_or(0);
            let at = index - 16;
            Rgb::new(step(at / 36), step(at / 6), step(at))
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            Rgb::new(grey, grey, grey)
        }
    }
}
