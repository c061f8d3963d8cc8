//! Pictures that come too late: none is sent, and none is shown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tr2::client::direct::pictures::codec::{CodecJob, CodecResult};
use tr2::client::direct::pictures::datagram::{PictureDatagram, SendStamp};
use tr2::client::direct::pictures::{PictureEvent, Pictures};
use tr2::media::codec::decoder::DecodedPicture;
use tr2::media::codec::packet::PacketHead;
use tr2::protocol::peer::PictureNote;

use crate::counting_codec::tiny;
use crate::pictures::packet;

#[test]
fn a_picture_that_waited_is_left_out() {
    for (waited, is_sent) in [(150, true), (151, false)] {
        let now = Instant::now();
        let mut pictures = Pictures::new(now);
        pictures.turn_camera(true);
        pictures.take_note(PictureNote::Wanted(80));
        pictures.take_camera(Arc::new(tiny()), now);
        let job = pictures.job(now + Duration::from_millis(waited));
        assert_eq!(job.is_some(), is_sent, "after {waited} ms");
    }
}

#[test]
fn a_picture_that_comes_late_is_not_shown() {
    let now = Instant::now();
    let mut pictures = Pictures::new(now);
    pictures.want(80);
    for (number, is_shown) in [(5, true), (4, false), (6, true), (1, false)] {
        let part = [&[0], &packet(number, 0, 1)[..]].concat();
        let datagram = PictureDatagram::Part { stamp: SendStamp { way: 0, time: 0 }, part };
        pictures.take_datagram(&datagram.write(), now);
        let Some(CodecJob::Decode(packet)) = pictures.job(now) else { panic!("{number} is decoded all the same") };
        let (head, _) = PacketHead::read(&packet).unwrap();
        pictures.done(CodecResult::Decoded(Ok(DecodedPicture { head, picture: tiny() })));
        assert_eq!(pictures.event(), is_shown.then(|| PictureEvent::Shown(Arc::new(tiny()))), "{number}");
    }
}
