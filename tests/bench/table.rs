//! All figures that were measured last, and for each target whether it was reached.
//!
//! `cargo bench` ends with it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice)]

mod kit;

use std::fs;

use kit::table::{ALL, columns, folder};

fn main() {
    println!("{}", columns());
    for (end, title) in [("rows", ""), ("targets", "\n== the targets\n")] {
        print!("{title}");
        for name in ALL {
            let file = folder().join(format!("{name}.{end}"));
            match fs::read_to_string(&file) {
                Ok(text) => print!("{text}"),
                Err(_) => println!("== {name} was not measured yet: cargo bench --bench {name}"),
            }
        }
    }
}
