//! The table: a line for each figure as soon as it is there, and at the end for each target whether it was reached. Kept
//! on the disk, so that the last benchmark can show all of it once more.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::machine;

/// Benchmarks in the order of their figures.
pub const ALL: [&str; 9] = ["fanout", "direct", "joining", "crowd", "sessions", "cluster", "calls", "client", "media"];

pub struct Table {
    name: &'static str,
    rows: String,
    targets: String,
}

impl Table {
    pub fn new(name: &'static str) -> Self {
        let mut table = Self { name, rows: String::new(), targets: String::new() };
        println!("{}", columns());
        let quick = machine::or_quick("", ", QUICK: these figures say nothing");
        table.line(&format!("== {name}{quick}"));
        table
    }

    /// One figure: of which work, of whom, what it is to the limit's if that says something, and what else is to be known.
    pub fn row(&mut self, work: &str, who: &str, figure: &str, of_limit: Option<f64>, note: &str) {
        let ratio = of_limit.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        self.line(&laid_out(work, who, figure, &ratio, note));
    }

    /// Something that is no figure.
    pub fn line(&mut self, line: &str) {
        println!("{}", line.trim_end());
        let _ = writeln!(self.rows, "{}", line.trim_end());
    }

    /// What was to be reached, and the figure; nothing if it was not measured.
    pub fn target(&mut self, what: &str, figure: Option<String>, reached: bool) {
        let (verdict, figure) = match figure {
            None => ("not measured", String::new()),
            Some(figure) if reached => ("reached", figure),
            Some(figure) => ("NOT REACHED", figure),
        };
        let _ = writeln!(self.targets, "{verdict:<13} {what:<76} {figure}");
    }

    /// The common kind of target: at least or at most.
    pub fn at_least(&mut self, what: &str, figure: Option<f64>, least: f64) {
        self.target(what, figure.map(|figure| format!("{figure:.2}")), figure.is_some_and(|figure| figure >= least));
    }

    pub fn at_most(&mut self, what: &str, figure: Option<f64>, most: f64) {
        self.target(what, figure.map(|figure| format!("{figure:.2}")), figure.is_some_and(|figure| figure <= most));
    }

    /// Prints the targets and keeps all of it.
    pub fn end(self) {
        println!("\n{}", self.targets);
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(folder().join(format!("{}.rows", self.name)), &self.rows).unwrap();
        std::fs::write(folder().join(format!("{}.targets", self.name)), &self.targets).unwrap();
    }
}

/// What stands above the figures.
pub fn columns() -> String {
    laid_out("work", "of whom", "figure", "/limit", "")
}

fn laid_out(work: &str, who: &str, figure: &str, ratio: &str, note: &str) -> String {
    format!("{work:<26} {who:<17} {figure:>22} {ratio:>6}  {note}")
}

/// Where tables are kept.
pub fn folder() -> PathBuf {
    machine::disk().join("bench")
}
