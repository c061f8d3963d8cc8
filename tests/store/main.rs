//! The store: what was kept is found again, by those who may, as it was said, whatever happens in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(unreachable_pub, dead_code)]

#[path = "../common/serving.rs"]
mod serving;

mod backup;
mod chat;
mod damage;
mod forgetting;
mod form;
mod keeping;
mod owning;
mod pages;
mod searching;
mod sick;
mod standing;
