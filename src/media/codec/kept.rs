//! The pictures that later ones may refer to, with what was learned when they were coded. Encoder and decoder keep the same.
//!
//! Must not know: bits, or which picture is chosen.

use std::collections::VecDeque;

use crate::media::picture::Picture;

use super::models::Models;
use super::packet::{FARTHEST_REFERENCE, is_after};

/// A picture that may be referred to.
#[derive(Debug)]
pub(super) struct KeptPicture {
    pub(super) number: u16,
    pub(super) picture: Picture,
    pub(super) models: Models,
}

/// The pictures kept: at most one for each number that can be referred to.
#[derive(Debug, Default)]
pub(super) struct KeptPictures {
    pictures: VecDeque<KeptPicture>,
    newest: Option<u16>,
}

impl KeptPictures {
    pub(super) fn get(&self, number: u16) -> Option<&KeptPicture> {
        self.pictures.iter().find(|kept| kept.number == number)
    }

    /// Whether a picture of this number is new, and not so old that none can refer to it.
    pub(super) fn is_news(&self, number: u16) -> bool {
        let Some(newest) = self.newest else { return true };
        is_after(number, newest) || (self.is_near(number, newest) && number != newest && self.get(number).is_none())
    }

    /// Keeps a picture, and forgets those that are out of reach now. After a key picture nothing before it is needed.
    pub(super) fn keep(&mut self, number: u16, is_key: bool, kept: Option<(Picture, Models)>) {
        if self.newest.is_none_or(|newest| is_after(number, newest)) {
            self.newest = Some(number);
            if is_key {
                self.pictures.clear();
            }
            self.pictures.retain(|kept| number.wrapping_sub(kept.number) < FARTHEST_REFERENCE);
        }
        if let Some((picture, models)) = kept {
            self.pictures.push_back(KeptPicture { number, picture, models });
        }
    }

    fn is_near(&self, number: u16, newest: u16) -> bool {
        newest.wrapping_sub(number) < FARTHEST_REFERENCE
    }
}
