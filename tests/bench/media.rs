//! Pictures of calls: how large they are at which likeness, what they cost to code, to decode and to draw, and what a call
//! with them costs from the camera to the terminal. And what voice costs.
//!
//! `cargo bench --bench media` measures the test pattern, and the clip that `TR2_CLIP` names: a YUV4MPEG2 file, of which 15
//! pictures a second are cut five to three and scaled by area. CPU times are those of this process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice)]

#[path = "../common/chance.rs"]
#[allow(dead_code, unreachable_pub)]
mod chance;
mod kit;
#[path = "../common/likeness.rs"]
#[allow(dead_code, unreachable_pub)]
mod likeness;
mod picture_call;
mod voice;

use std::time::Duration;

use kit::machine::{or_quick, own_cpu};
use kit::table::Table;
use tr2::media::cells::{CellDrawing, ColourDepth, TileDrawer};
use tr2::media::codec::decoder::PictureDecoder;
use tr2::media::codec::encoder::{CodingRequest, PictureEncoder};
use tr2::media::codec::packet::LARGEST_PACKET;
use tr2::media::picture::{Picture, PictureSize};
use tr2::media::plane::Plane;
use tr2::media::test_source::test_picture;
use tr2::media::y4m::Y4mReader;

use chance::Chance;
use likeness::{psnr, ssim};

/// Pictures a second.
const RATE: u64 = 15;
const SIZES: [(usize, usize); 4] = [(40, 24), (80, 48), (160, 96), (320, 192)];
const QUANTISERS: [u8; 3] = [30, 34, 38];
/// Of a core, at 80x48: the sender's share and the receiver's, in percent.
const MOST_SENDER: f64 = 5.0;
const MOST_RECEIVER: f64 = 2.0;

/// What came of a clip at a size and a quantiser; sizes and times are means of a picture.
#[derive(Clone, Copy)]
struct Outcome {
    bytes: f64,
    key: usize,
    psnr: f64,
    ssim: f64,
    encode: f64,
    decode: f64,
}

impl Outcome {
    fn bytes_a_second(&self) -> f64 {
        self.bytes * RATE as f64
    }
}

fn main() {
    let mut table = Table::new("media");
    let clip = std::env::var_os("TR2_CLIP");
    for (width, height) in SIZES {
        let size = PictureSize::new(width, height).unwrap();
        let pattern: Vec<Picture> = (0..or_quick(60, 3)).map(|number| test_picture(size, number)).collect();
        coding(&mut table, "test pattern", size, &pattern);
        if let Some(path) = &clip {
            coding(&mut table, "the clip", size, &read(path, size));
        }
    }
    voice::measure(&mut table);
    drawing(&mut table);
    densest(&mut table);
    // A camera's pictures, as its thread leaves them.
    let camera = PictureSize::new(320, 192).unwrap();
    let pattern: Vec<Picture> = (0..or_quick(60, 3)).map(|number| test_picture(camera, number)).collect();
    picture_call::measure(&mut table, "test pattern", &pattern);
    if let Some(path) = &clip {
        picture_call::measure(&mut table, "the clip", &read(path, camera));
    }
    table.end();
}

/// The pictures of a file.
fn read(path: &std::ffi::OsStr, size: PictureSize) -> Vec<Picture> {
    let mut reader = Y4mReader::default();
    let (mut pictures, mut number) = (Vec::new(), 0u64);
    for bytes in std::fs::read(path).expect("TR2_CLIP names a file").chunks(1 << 20) {
        reader.push(bytes);
        while let Some(picture) = reader.picture().expect("a YUV4MPEG2 file") {
            let header = reader.header().unwrap();
            let due = |number: u64| number * u64::from(header.seconds) * RATE / u64::from(header.pictures);
            if number == 0 || due(number) != due(number - 1) {
                pictures.push(picture.five_to_three().scaled(size));
            }
            number += 1;
        }
    }
    pictures.truncate(or_quick(usize::MAX, 3));
    pictures
}

fn coding(table: &mut Table, what: &str, size: PictureSize, clip: &[Picture]) {
    let name = format!("{}x{}", size.width(), size.height());
    let outcomes = QUANTISERS.map(|quantiser| {
        let outcome = run(size, clip, quantiser);
        let note = format!(
            "PSNR-Y {:.2} dB, SSIM {:.4}, key picture {} B; encode {:.2}, decode {:.3} ms",
            outcome.psnr, outcome.ssim, outcome.key, outcome.encode, outcome.decode
        );
        let figure = format!("{:.0} B/s", outcome.bytes_a_second());
        table.row(&format!("{what} at {quantiser}"), &name, &figure, None, &note);
        outcome
    });
    if name == "80x48" {
        let [fine, _, coarse] = outcomes;
        for likeness in [33.6, 36.6] {
            let figure = format!("{:.0} B/s", between(&fine, &coarse, likeness));
            table.row(
                &format!("{what}, {likeness} dB"),
                &name,
                &figure,
                None,
                "between the two around it, or beyond them",
            );
        }
        let share = |ms: f64| Some(ms * RATE as f64 / 10.0);
        table.at_most(
            &format!("{what} at {name}: of a core, the sender, at most {MOST_SENDER} %"),
            share(fine.encode),
            MOST_SENDER,
        );
        table.at_most(
            &format!("{what} at {name}: of a core, the receiver, at most {MOST_RECEIVER} %"),
            share(fine.decode),
            MOST_RECEIVER,
        );
    }
}

/// Bytes a second at a likeness, along the line of their logarithms.
fn between(fine: &Outcome, coarse: &Outcome, likeness: f64) -> f64 {
    let (from, to) = (coarse.bytes_a_second().ln(), fine.bytes_a_second().ln());
    (from + (to - from) * (likeness - coarse.psnr) / (fine.psnr - coarse.psnr)).exp()
}

fn run(size: PictureSize, clip: &[Picture], quantiser: u8) -> Outcome {
    let (mut encoder, mut decoder) = (PictureEncoder::new(size, 0, 0).unwrap(), PictureDecoder::new(size).unwrap());
    let mut sum = Outcome { bytes: 0.0, key: 0, psnr: 0.0, ssim: 0.0, encode: 0.0, decode: 0.0 };
    for picture in clip {
        let reference = Some(encoder.next_number().wrapping_sub(1));
        let request = CodingRequest { reference, is_leaf: false, quantiser, most_bytes: LARGEST_PACKET };
        let (coded, time) = timed(|| encoder.encode(picture, request).unwrap());
        sum.encode += time.as_secs_f64() * 1e3;
        let (decoded, time) = timed(|| decoder.decode(&coded.packet).unwrap());
        sum.decode += time.as_secs_f64() * 1e3;
        assert!(decoded.picture == coded.picture, "the decoder has another picture");
        if sum.key == 0 {
            sum.key = coded.packet.len();
        }
        sum.bytes += coded.packet.len() as f64;
        let ([source, ..], [shown, ..]) = (picture.planes(), decoded.picture.planes());
        sum.psnr += psnr(source, shown);
        sum.ssim += ssim(source, shown);
    }
    let mean = |of: f64| of / clip.len() as f64;
    Outcome {
        bytes: mean(sum.bytes),
        key: sum.key,
        psnr: mean(sum.psnr),
        ssim: mean(sum.ssim),
        encode: mean(sum.encode),
        decode: mean(sum.decode),
    }
}

/// Eighty columns and 24 rows: how long a picture takes, and how many cells change.
fn drawing(table: &mut Table) {
    let size = PictureSize::new(160, 96).unwrap();
    let pictures: Vec<Picture> = (0..or_quick(30, 3)).map(|number| test_picture(size, number)).collect();
    for (who, drawing, depth, hold) in [
        ("half, RGB", CellDrawing::HalfBlocks, ColourDepth::Rgb, 0),
        ("half, RGB, hold 8", CellDrawing::HalfBlocks, ColourDepth::Rgb, 8),
        ("half, 256, hold 16", CellDrawing::HalfBlocks, ColourDepth::Ansi256, 16),
        ("quadrants, 256, 16", CellDrawing::Quadrants, ColourDepth::Ansi256, 16),
        ("ASCII", CellDrawing::Ascii, ColourDepth::Ansi16, 8),
    ] {
        let mut tile = TileDrawer::new(80, 24, drawing, depth, hold);
        let (changed, time) = timed(|| pictures.iter().map(|picture| tile.draw(picture)).sum::<usize>());
        let count = pictures.len();
        let figure = format!("{:.0} us", time.as_secs_f64() * 1e6 / count as f64);
        let note = format!("{} of 1920 cells change with each picture", changed / count);
        table.row("a picture as 80x24 cells", who, &figure, None, &note);
    }
}

/// What the worst packet of the largest size costs the receiver.
fn densest(table: &mut Table) {
    let size = PictureSize::new(320, 192).unwrap();
    let mut chance = Chance(1);
    let samples = (0..320 * 192).map(|_| chance.next() as u8).collect();
    let noise = Picture::grey(size, Plane::from_samples(320, 192, samples).unwrap()).unwrap();
    let request = CodingRequest { reference: None, is_leaf: false, quantiser: 46, most_bytes: LARGEST_PACKET };
    let coded = PictureEncoder::new(size, 0, 0).unwrap().encode(&noise, request).unwrap();
    let (decoded, time) = timed(|| PictureDecoder::new(size).unwrap().decode(&coded.packet));
    assert!(decoded.is_ok());
    let figure = format!("{:.1} ms", time.as_secs_f64() * 1e3);
    table.row("noise, decoded", "320x192", &figure, None, &format!("{} B", coded.packet.len()));
}

/// What something took of the processor.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = own_cpu();
    let result = work();
    (result, own_cpu().saturating_sub(before))
}
