//! How places are called on the screen.
//!
//! Must not know: where they are shown.

use super::sentences;
use crate::model::Target;

sentences! {
    everyone { en: "everyone", pt: "todos" }
}

/// A place as it is called. Commands, options and files know everyone under the English name alone.
#[must_use]
pub(crate) fn place(target: &Target) -> String {
    match target {
        Target::Everyone => everyone().to_owned(),
        Target::User(_) | Target::Room(_) => target.to_string(),
    }
}
