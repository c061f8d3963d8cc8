//! Pictures: three planes of samples, brightness at full size and two colour differences at half of it (4:2:0, with the
//! matrix of ITU-R BT.601 in the narrow range, as cameras and YUV4MPEG2 have it).
//!
//! Must not know: where pictures come from, how they are coded, or how they are drawn.

use super::plane::Plane;

/// The smallest width and height.
pub const SMALLEST: usize = 8;
/// The largest picture that a camera or a file may give.
pub const LARGEST_SOURCE: (usize, usize) = (1920, 1080);
/// The largest picture that is sent.
pub const LARGEST: (usize, usize) = (320, 192);

/// The values of black and white.
const DARKEST: u8 = 16;
const BRIGHTEST: u8 = 235;
/// The value of a colour difference where there is no colour.
pub const NEUTRAL: u8 = 128;

/// A width and a height: even, and from [`SMALLEST`] to [`LARGEST_SOURCE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureSize {
    width: usize,
    height: usize,
}

impl PictureSize {
    /// A size, if both sides are even and within the limits.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Option<Self> {
        let fits = |side: usize, most: usize| side.is_multiple_of(2) && (SMALLEST..=most).contains(&side);
        (fits(width, LARGEST_SOURCE.0) && fits(height, LARGEST_SOURCE.1)).then_some(Self { width, height })
    }

    /// Whether pictures of this size may be sent.
    #[must_use]
    pub fn may_be_sent(self) -> bool {
        self.width <= LARGEST.0 && self.height <= LARGEST.1
    }

    /// In samples of brightness.
    #[must_use]
    pub fn width(self) -> usize {
        self.width
    }

    /// In samples of brightness.
    #[must_use]
    pub fn height(self) -> usize {
        self.height
    }
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    size: PictureSize,
    planes: [Plane; 3],
}

impl Picture {
    /// A grey picture of one brightness.
    #[must_use]
    pub fn filled(size: PictureSize, brightness: u8) -> Self {
        let half = || Plane::filled(size.width / 2, size.height / 2, NEUTRAL);
        Self { size, planes: [Plane::filled(size.width, size.height, brightness), half(), half()] }
    }

    /// A picture of brightness, blue difference and red difference, if the planes have its sizes.
    #[must_use]
    pub fn from_planes(size: PictureSize, planes: [Plane; 3]) -> Option<Self> {
        let [luma, blue, red] = &planes;
        let is = |plane: &Plane, width, height| plane.width() == width && plane.height() == height;
        let colours = [blue, red].iter().all(|plane| is(plane, size.width / 2, size.height / 2));
        (is(luma, size.width, size.height) && colours).then_some(Self { size, planes })
    }

    /// A picture without colour, if the plane has its size.
    #[must_use]
    pub fn grey(size: PictureSize, luma: Plane) -> Option<Self> {
        let half = || Plane::filled(size.width / 2, size.height / 2, NEUTRAL);
        Self::from_planes(size, [luma, half(), half()])
    }

    /// Its size.
    #[must_use]
    pub fn size(&self) -> PictureSize {
        self.size
    }

    /// Brightness, blue difference, red difference.
    #[must_use]
    pub fn planes(&self) -> &[Plane; 3] {
        &self.planes
    }

    /// Brightness, blue difference, red difference. Their sizes stay.
    pub(super) fn planes_mut(&mut self) -> &mut [Plane; 3] {
        &mut self.planes
    }

    /// The largest part in the middle that is five units wide for three units of height.
    #[must_use]
    pub fn five_to_three(&self) -> Self {
        let (width, height) = (self.size.width, self.size.height);
        let most = |side: usize, of: usize| (side & !1).clamp(SMALLEST.min(of), of);
        let (part_width, part_height) = if width * 3 > height * 5 {
            (most(height * 5 / 3, width), height)
        } else {
            (width, most(width * 3 / 5, height))
        };
        let (x, y) = (((width - part_width) / 2) & !1, ((height - part_height) / 2) & !1);
        let [luma, blue, red] = &self.planes;
        let half = |plane: &Plane| plane.part(x / 2, y / 2, part_width / 2, part_height / 2);
        let planes = [luma.part(x, y, part_width, part_height), half(blue), half(red)];
        let part = PictureSize::new(part_width, part_height).and_then(|size| Self::from_planes(size, planes));
        part.unwrap_or_else(|| self.clone())
    }

    /// The picture with dark and bright changed over, in grey: for characters on a bright background.
    #[must_use]
    pub fn negative(&self) -> Self {
        let mut negative = Self::filled(self.size, 0);
        let ([luma, ..], [from, ..]) = (&mut negative.planes, &self.planes);
        let samples = luma.samples_mut().iter_mut().zip(from.samples());
        samples.for_each(|(to, from)| *to = BRIGHTEST.saturating_sub(from.saturating_sub(DARKEST)));
        negative
    }

    /// The picture at another size: each sample is the mean of the area that it covers.
    #[must_use]
    pub fn scaled(&self, size: PictureSize) -> Self {
        let [luma, blue, red] = &self.planes;
        let half = |plane: &Plane| plane.scaled(size.width / 2, size.height / 2);
        Self { size, planes: [luma.scaled(size.width, size.height), half(blue), half(red)] }
    }
}
