//! Sizes, scaling, cropping, and the test pattern.

use tr2::media::picture::{LARGEST, LARGEST_SOURCE, Picture, PictureSize};
use tr2::media::plane::Plane;
use tr2::media::test_source::test_picture;

use super::size;
use crate::likeness::psnr;

#[test]
fn a_size_is_even_and_within_the_limits() {
    for (width, height) in [(8, 8), LARGEST, LARGEST_SOURCE, (8, 1080)] {
        assert!(PictureSize::new(width, height).is_some(), "{width}x{height}");
    }
    for (width, height) in [(6, 8), (8, 6), (9, 8), (8, 9), (1922, 8), (8, 1082), (0, 0), (usize::MAX - 1, 8)] {
        assert!(PictureSize::new(width, height).is_none(), "{width}x{height}");
    }
    assert!(size(320, 192).may_be_sent());
    assert!(!size(322, 192).may_be_sent() && !size(320, 194).may_be_sent());
}

#[test]
fn scaling_takes_the_mean_of_what_a_sample_covers() {
    let plane = |width, height, samples: &[u8]| Plane::from_samples(width, height, samples.to_vec()).unwrap();
    let four = plane(4, 2, &[10, 20, 30, 40, 30, 40, 50, 60]);
    assert_eq!(four.scaled(2, 1).samples(), [25, 45]);
    // A sample and a half each: (10 + 20 / 2) / 1.5, (20 / 2 + 30) / 1.5.
    assert_eq!(plane(3, 1, &[10, 20, 30]).scaled(2, 1).samples(), [13, 27]);
    assert_eq!(plane(2, 1, &[0, 90]).scaled(3, 1).samples(), [0, 45, 90]);
    assert_eq!(four.scaled(4, 2), four);
    let white = Picture::filled(size(1920, 1080), 255);
    assert_eq!(white.scaled(size(8, 8)).planes()[0].samples(), [255; 64]);
}

#[test]
fn the_middle_is_cut_out_five_to_three() {
    for (from, to) in [((176, 144), (176, 104)), ((640, 272), (452, 272)), ((80, 48), (80, 48)), ((8, 8), (8, 8))] {
        let cut = Picture::filled(size(from.0, from.1), 100).five_to_three();
        assert_eq!((cut.size().width(), cut.size().height()), to, "of {from:?}");
    }
    let (wide, mut samples) = (size(64, 12), vec![0; 64 * 12]);
    samples.chunks_mut(64).for_each(|row| row[22..42].fill(200));
    let cut = Picture::grey(wide, Plane::from_samples(64, 12, samples).unwrap()).unwrap().five_to_three();
    assert_eq!(cut.planes()[0], Plane::filled(20, 12, 200));
}

#[test]
fn the_test_pattern_moves_and_is_always_the_same() {
    let (small, first) = (size(40, 24), test_picture(size(40, 24), 7));
    assert_eq!(first, test_picture(small, 7));
    let next = test_picture(small, 8);
    let step = psnr(&first.planes()[0], &next.planes()[0]);
    assert!((15.0..45.0).contains(&step), "{step} dB from one picture to the next");
    let [_, blue, red] = first.planes();
    assert!(blue.samples().iter().chain(red.samples()).any(|sample| sample.abs_diff(128) > 10), "it has colours");
    assert_eq!(test_picture(size(8, 8), u32::MAX).size(), size(8, 8));
}
