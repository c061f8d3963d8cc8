//! Packets of a conference on a member's leg: to or from one other member, pictures to all who want them, or voice to all who
//! hear. The server reads the heads; what follows them is sealed.
//!
//! ```text
//! 0x10  one byte: the other member's number    then a packet of the channel between the two
//! 0x11  one byte: the sender's number          one byte: bits 7, 6: the size; bit 5: the upper layer; others 0
//!                                              then the sealed picture
//! 0x12  from a client: one byte: a count       then for each member that it shows: its number, and one byte:
//!                                              bits 7, 6: the size; bit 5: the lower layer alone; others 0
//! 0x13  from the server: that count            one byte: a count of its own; one byte: bits 0 to 2: the sizes that somebody shows;
//!                                              bits 4 to 6: those of which somebody shows the upper layer
//! 0x14  one byte: the sender's number          then the sealed voice
//! 0x15  from a client: one byte: a count       one byte: bit 0: whether it has a loudspeaker; others 0
//! 0x16  from the server: that count            one byte: a count of its own; one byte: bit 0: whether any other member has
//!                                              one; others 0
//! ```
//!
//! Programs that know no voice pass the last three over: to the server they are members who hear nothing.
//!
//! Must not know: who shows or hears whom, or how pictures and voice are sealed.

use super::conference::{MAX_CONFERENCE, MemberNumber};
use super::leg::MAX_LEG_PACKET;

/// The bytes before a packet of a channel.
pub const PAIR_HEAD: usize = 2;
/// The bytes before a sealed picture.
pub const PICTURE_HEAD: usize = 3;
/// The bytes before sealed voice.
pub const VOICE_HEAD: usize = 2;

mod kind {
    pub(super) const PAIR: u8 = 0x10;
    pub(super) const PICTURE: u8 = 0x11;
    pub(super) const WANTS: u8 = 0x12;
    pub(super) const WANTED: u8 = 0x13;
    pub(super) const VOICE: u8 = 0x14;
    pub(super) const HEARS: u8 = 0x15;
    pub(super) const HEARD: u8 = 0x16;
}

const FLAG: u8 = 0x20;

/// The size in which a member is shown, from the smallest; the sender makes only those that somebody shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaceSize {
    /// 40x24.
    Small,
    /// 80x48.
    Medium,
    /// 160x96.
    Large,
}

impl FaceSize {
    /// Every size, from the smallest.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// Its number, from 0.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Small => 0,
            Self::Medium => 1,
            Self::Large => 2,
        }
    }

    /// The size of a number.
    #[must_use]
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.number() == number)
    }

    fn read(byte: u8) -> Option<(Self, bool)> {
        let size = Self::of(byte >> 6).filter(|_| byte & 0x1F == 0)?;
        Some((size, byte & FLAG != 0))
    }

    fn write(self, flag: bool) -> u8 {
        self.number() << 6 | if flag { FLAG } else { 0 }
    }
}

/// What everybody on the way can read of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureHead {
    /// Whose picture it is.
    pub from: MemberNumber,
    /// Its size.
    pub size: FaceSize,
    /// Whether it is of the upper of two layers in time, which may be left out.
    pub upper: bool,
}

impl PictureHead {
    /// Its bytes, which are sealed against changes with the picture.
    #[must_use]
    pub fn write(&self) -> [u8; PICTURE_HEAD] {
        [kind::PICTURE, self.from.0, self.size.write(self.upper)]
    }
}

/// What a viewer shows of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// The member.
    pub of: MemberNumber,
    /// In which size.
    pub size: FaceSize,
    /// Whether the viewer is slow: it gets the lower layer alone.
    pub lower_only: bool,
}

/// What others show of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// By the number of the size: whether somebody shows it.
    pub sizes: [bool; 3],
    /// Whether somebody shows its upper layer, too.
    pub upper: [bool; 3],
}

impl Audience {
    /// Adds what one viewer shows.
    pub fn add(&mut self, size: FaceSize, lower_only: bool) {
        let at = usize::from(size.number());
        if let (Some(shown), Some(upper)) = (self.sizes.get_mut(at), self.upper.get_mut(at)) {
            *shown = true;
            *upper |= !lower_only;
        }
    }

    /// Whether somebody shows any size.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.sizes.contains(&true)
    }

    /// Whether somebody shows a size, and its upper layer.
    #[must_use]
    pub fn of(&self, size: FaceSize) -> (bool, bool) {
        let at = usize::from(size.number());
        let is = |bits: &[bool; 3]| bits.get(at).copied().unwrap_or(false);
        (is(&self.sizes), is(&self.upper))
    }

    fn write(self) -> u8 {
        let bits = |from: [bool; 3]| from.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        bits(self.sizes) | bits(self.upper) << 4
    }

    fn read(byte: u8) -> Self {
        let bits = |byte: u8| [0, 1, 2].map(|bit| byte >> bit & 1 == 1);
        Self { sizes: bits(byte), upper: bits(byte >> 4) }
    }
}

/// A packet on a member's leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConferencePacket<'a> {
    /// A packet of the channel between two members: from a client, to this other one; from the server, from it.
    Pair(MemberNumber, &'a [u8]),
    /// A sealed picture, to all who show it.
    Picture(PictureHead, &'a [u8]),
    /// From a client: what it shows from now on. The answer repeats the count.
    Wants(u8, Vec<Want>),
    /// From the server, in answer to that and at every change.
    Wanted(WantedFaces),
    /// Sealed voice of this member, to all who hear.
    Voice(MemberNumber, &'a [u8]),
    /// From a client: whether it has a loudspeaker from now on. The answer repeats the count.
    Hears(u8, bool),
    /// From the server, in answer to that and at every change.
    Heard(Listeners),
}

/// What others show of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedFaces {
    /// The count of the member's newest request.
    pub count: u8,
    /// The server's own count: what comes after something newer is of no use.
    pub serial: u8,
    /// What they show.
    pub audience: Audience,
}

/// Whether anybody hears a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listeners {
    /// The count of the member's newest request.
    pub count: u8,
    /// The server's own count: what comes after something newer is of no use.
    pub serial: u8,
    /// Whether any other member has a loudspeaker.
    pub any: bool,
}

/// What everybody on the way can read of voice: bytes that are sealed against changes with it.
#[must_use]
pub fn voice_head(from: MemberNumber) -> [u8; VOICE_HEAD] {
    [kind::VOICE, from.0]
}

/// Whether a count is after another, counting on beyond the largest.
#[must_use]
pub fn is_later(count: u8, other: u8) -> bool {
    (1..0x80).contains(&count.wrapping_sub(other))
}

impl<'a> ConferencePacket<'a> {
    /// The packet as bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        match self {
            Self::Pair(other, packet) => [&[kind::PAIR, other.0], *packet].concat(),
            Self::Picture(head, sealed) => [&head.write()[..], sealed].concat(),
            Self::Wants(count, wants) => {
                let mut bytes = vec![kind::WANTS, *count];
                bytes.extend(wants.iter().flat_map(|want| [want.of.0, want.size.write(want.lower_only)]));
                bytes
            }
            Self::Wanted(WantedFaces { count, serial, audience }) => {
                vec![kind::WANTED, *count, *serial, audience.write()]
            }
            Self::Voice(from, sealed) => [&voice_head(*from)[..], sealed].concat(),
            Self::Hears(count, hears) => vec![kind::HEARS, *count, u8::from(*hears)],
            Self::Heard(Listeners { count, serial, any }) => vec![kind::HEARD, *count, *serial, u8::from(*any)],
        }
    }

    /// Reads a packet; `None` if it is none.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[kind, first], rest) = bytes.split_first_chunk()?;
        if bytes.len() > MAX_LEG_PACKET {
            return None;
        }
        match kind {
            kind::PAIR if !rest.is_empty() => Some(Self::Pair(MemberNumber(first), rest)),
            kind::PICTURE => {
                let (&second, sealed) = rest.split_first().filter(|(_, sealed)| !sealed.is_empty())?;
                let (size, upper) = FaceSize::read(second)?;
                Some(Self::Picture(PictureHead { from: MemberNumber(first), size, upper }, sealed))
            }
            kind::WANTS => wants(rest).map(|wants| Self::Wants(first, wants)),
            kind::WANTED => match rest {
                [serial, sizes] => {
                    Some(Self::Wanted(WantedFaces { count: first, serial: *serial, audience: Audience::read(*sizes) }))
                }
                _ => None,
            },
            kind::VOICE if !rest.is_empty() => Some(Self::Voice(MemberNumber(first), rest)),
            kind::HEARS => match rest {
                [hears @ 0..=1] => Some(Self::Hears(first, *hears == 1)),
                _ => None,
            },
            kind::HEARD => match rest {
                [serial, any @ 0..=1] => Some(Self::Heard(Listeners { count: first, serial: *serial, any: *any == 1 })),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Reads what a viewer shows: of each member once, and of no more than there can be.
fn wants(bytes: &[u8]) -> Option<Vec<Want>> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    if pairs.len() > MAX_CONFERENCE {
        return None;
    }
    let mut wants: Vec<Want> = Vec::with_capacity(pairs.len());
    for &[number, how] in pairs {
        let (size, lower_only) = FaceSize::read(how)?;
        let of = MemberNumber(number);
        if wants.iter().any(|want| want.of == of) {
            return None;
        }
        wants.push(Want { of, size, lower_only });
    }
    Some(wants)
}
