//! The store: what was kept is found again, by those who may, as it was said, whatever happens in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(unreachable_pub, dead_code)]

#[path = "../common/serving.rs"]
mod serving;
#[path = "../common/shelf.rs"]
mod shelf;

mod backup;
mod chat;
mod damage;
mod deleting;
mod facts;
mod forgetting;
mod form;
mod keeping;
mod modlog;
mod owning;
mod pages;
mod rooms;
mod searching;
mod shelved;
mod sick;
mod standing;
