//! The reader of YUV4MPEG2: what it reads, what it refuses, and bytes of any kind.

use proptest::prelude::*;
use tr2::media::y4m::{Y4mError, Y4mReader};

/// A stream of two pictures of 8x8; the first of them in other kinds and sizes.
fn stream(first_line: &str, bytes_of_a_picture: usize) -> Vec<u8> {
    let picture: Vec<u8> = (0..bytes_of_a_picture).map(|at| (at % 251) as u8).collect();
    [first_line.as_bytes(), b"\nFRAME\n", &picture, b"FRAME Ip\n", &picture].concat()
}

fn read(bytes: &[u8]) -> Result<usize, Y4mError> {
    let mut reader = Y4mReader::default();
    reader.push(bytes);
    let mut count = 0;
    while reader.picture()?.is_some() {
        count += 1;
    }
    Ok(count)
}

#[test]
fn pictures_come_out_whole_however_they_were_cut() {
    let bytes = stream("YUV4MPEG2 W8 H8 F30000:1001 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2", 96);
    let mut whole = Y4mReader::default();
    whole.push(&bytes);
    let first = whole.picture().unwrap().unwrap();
    let header = whole.header().unwrap();
    assert_eq!((header.pictures, header.seconds, header.size.width(), header.size.height()), (30_000, 1001, 8, 8));
    let [luma, blue, red] = first.planes();
    assert_eq!((luma.samples()[63], blue.samples()[0], red.samples()[15]), (63, 64, 95));
    for length in [1, 7, 100] {
        let (mut reader, mut pictures) = (Y4mReader::default(), 0);
        for bytes in bytes.chunks(length) {
            reader.push(bytes);
            while let Some(picture) = reader.picture().unwrap() {
                assert_eq!(picture, first);
                pictures += 1;
            }
        }
        assert_eq!(pictures, 2, "in pieces of {length}");
    }
}

#[test]
fn grey_and_odd_pictures_are_read() {
    assert_eq!(read(&stream("YUV4MPEG2 W8 H8 F15:1 Cmono", 64)), Ok(2));
    // 9x9 has colours of 5x5; the last column and row are left out.
    let bytes = stream("YUV4MPEG2 W9 H9 F15:1", 81 + 2 * 25);
    assert_eq!(read(&bytes), Ok(2));
    let mut reader = Y4mReader::default();
    reader.push(&bytes);
    let picture = reader.picture().unwrap().unwrap();
    assert_eq!((picture.size().width(), picture.planes()[0].row(1)[0]), (8, 9));
    assert_eq!(picture.planes()[1].row(0)[0], 81);
}

#[test]
fn what_cannot_be_shown_is_refused_with_a_sentence() {
    use Y4mError::{Colours, LongLine, NoFrame, NotY4m, PictureRate, Size, Unreadable};
    let cases: [(&str, Y4mError, &str); 15] = [
        ("RIFF", NotY4m, "not a YUV4MPEG2 stream"),
        ("YUV4MPEG3 W8 H8 F1:1\n", NotY4m, "ffmpeg"),
        ("YUV4MPEG2x W8 H8 F1:1\n", NotY4m, "ffmpeg"),
        ("YUV4MPEG2 H8 F1:1\n", Unreadable, "lacks"),
        ("YUV4MPEG2 W8 H8\n", Unreadable, "lacks"),
        ("YUV4MPEG2 W8 H-8 F1:1\n", Unreadable, "lacks"),
        ("YUV4MPEG2 W8 H8 F15\n", Unreadable, "lacks"),
        ("YUV4MPEG2 W99999999999 H8 F1:1\n", Unreadable, "lacks"),
        ("YUV4MPEG2 W6 H8 F1:1\n", Size, "at most 1920x1080"),
        ("YUV4MPEG2 W1922 H8 F1:1\n", Size, "8 or more"),
        ("YUV4MPEG2 W4294967295 H4294967295 F1:1\n", Size, "8 or more"),
        ("YUV4MPEG2 W8 H8 F1:0\n", PictureRate, "at most 240 pictures"),
        ("YUV4MPEG2 W8 H8 F241:1\n", PictureRate, "at most 240 pictures"),
        ("YUV4MPEG2 W8 H8 F1:1 C444\n", Colours, "yuv420p"),
        ("YUV4MPEG2 W8 H8 F1:1\nFRAMES\n", NoFrame, "damaged"),
    ];
    for (text, error, words) in cases {
        assert_eq!(read(text.as_bytes()), Err(error), "{text:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    for endless in ["YUV4MPEG2 X", "YUV4MPEG2 W8 H8 F1:1\nFRAME X"] {
        assert_eq!(read(endless.as_bytes()), Ok(0));
        assert_eq!(read((endless.to_owned() + &"x".repeat(600)).as_bytes()), Err(LongLine));
    }
}

#[test]
fn a_broken_stream_stays_broken() {
    let mut reader = Y4mReader::default();
    reader.push(b"nothing");
    assert_eq!(reader.picture(), Err(Y4mError::NotY4m));
    reader.push(&stream("YUV4MPEG2 W8 H8 F15:1", 96));
    assert_eq!(reader.picture(), Err(Y4mError::NotY4m));
    assert_eq!(reader.header(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind_give_pictures_or_a_sentence(
        line in "(YUV4MPEG2( [WHFIAC][0-9a-z:]{0,9}){0,6}|.{0,40})",
        rest in proptest::collection::vec(any::<u8>(), 0..300),
        cut in 1usize..200,
    ) {
        let bytes = [line.as_bytes(), b"\nFRAME\n", &rest].concat();
        let mut reader = Y4mReader::default();
        for bytes in bytes.chunks(cut) {
            reader.push(bytes);
            match reader.picture() {
                Ok(Some(picture)) => prop_assert_eq!(Some(picture.size()), reader.header().map(|header| header.size)),
                Ok(None) => {}
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
