//! A codec of faces that only counts: its packets have the heads and the lengths of real ones, and its decoder knows which
//! pictures it needs. It takes no time, so that conferences of many can be tried.

use std::collections::{BTreeMap, BTreeSet};

use tr2::client::direct::conference::codec::{FaceCodec, FaceJob, FaceResult};
use tr2::media::codec::decoder::DecodedPicture;
use tr2::media::codec::packet::{FARTHEST_REFERENCE, PacketError, PacketHead, is_after};
use tr2::media::picture::{Picture, PictureSize};
use tr2::protocol::conference::MemberNumber;
use tr2::protocol::conference_packet::FaceSize;

/// The bytes of a key picture, of one of the lower and of one of the upper layer: what the rates allow.
const LENGTHS: [[usize; 3]; 3] = [[400, 100, 60], [900, 270, 170], [2000, 600, 400]];

pub enum TestCodec {
    Real(FaceCodec),
    Fake(FakeCodec),
}

impl TestCodec {
    pub fn run(&mut self, job: FaceJob) -> FaceResult {
        match self {
            Self::Real(codec) => codec.run(job),
            Self::Fake(codec) => codec.run(job),
        }
    }
}

#[derive(Default)]
pub struct FakeCodec {
    sent: BTreeMap<FaceSize, BTreeSet<u16>>,
    decoded: BTreeMap<MemberNumber, (FaceSize, Vec<u16>)>,
}

impl FakeCodec {
    fn run(&mut self, job: FaceJob) -> FaceResult {
        match job {
            FaceJob::Encode(size, number, _, request) => {
                let sent = self.sent.entry(size).or_default();
                let reference = request
                    .reference
                    .filter(|of| sent.contains(of) && (1..=FARTHEST_REFERENCE).contains(&number.wrapping_sub(*of)));
                let is_leaf = request.is_leaf;
                if !is_leaf {
                    sent.insert(number);
                }
                let stream = size.number();
                let head = PacketHead { number, reference, is_leaf, stream, quantiser: request.quantiser };
                let [key, base, leaf] = LENGTHS[usize::from(stream)];
                let length = if reference.is_none() {
                    key
                } else if is_leaf {
                    leaf
                } else {
                    base
                };
                let back = reference.map_or(0, |of| number.wrapping_sub(of)) as u8;
                let [high, low] = number.to_be_bytes();
                let mut packet = vec![high, low, back | u8::from(is_leaf) << 4, stream << 6 | request.quantiser];
                packet.resize(length, 7);
                assert_eq!(PacketHead::read(&packet).unwrap().0, head);
                FaceResult::Encoded(size, Some((head, packet)))
            }
            FaceJob::Decode(of, size, packet) => FaceResult::Decoded(of, size, self.decode(of, size, &packet)),
            FaceJob::Forget(of) => {
                self.decoded.remove(&of);
                FaceResult::Forgotten
            }
        }
    }

    fn decode(&mut self, of: MemberNumber, size: FaceSize, packet: &[u8]) -> Result<DecodedPicture, PacketError> {
        let (head, _) = PacketHead::read(packet)?;
        let (before, known) = self.decoded.entry(of).or_insert((size, Vec::new()));
        if *before != size {
            (*before, *known) = (size, Vec::new());
        }
        let newest = known.last().copied();
        if known.contains(&head.number) || newest.is_some_and(|newest| is_after(newest, head.number.wrapping_add(14))) {
            return Err(PacketError::Stale);
        }
        if head.reference.is_some_and(|of| !known.contains(&of)) {
            return Err(PacketError::NoReference);
        }
        if head.reference.is_none() {
            known.clear();
        }
        if !head.is_leaf {
            known.push(head.number);
            if known.len() > 16 {
                known.remove(0);
            }
        }
        let (width, height) = [(40, 24), (80, 48), (160, 96)][usize::from(size.number())];
        Ok(DecodedPicture { head, picture: Picture::filled(PictureSize::new(width, height).unwrap(), 100) })
    }
}
