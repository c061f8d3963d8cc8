//! Frames of NATS: those of a server are read as they were written, wherever the reads end; what is no frame is refused.

use bytes::BytesMut;
use proptest::prelude::*;
use tr2::server::log::nats::frames::{self, Delivery, FrameFault, FrameReader, MAX_BODY, MAX_LINE, ServerFrame};

/// All frames in some bytes that are read in pieces of this length.
fn read(bytes: &[u8], piece: usize) -> Result<Vec<ServerFrame>, FrameFault> {
    let (mut reader, mut frames) = (FrameReader::default(), Vec::new());
    for piece in bytes.chunks(piece) {
        reader.push(piece);
        while let Some(frame) = reader.read()? {
            frames.push(frame);
        }
    }
    Ok(frames)
}

fn message(subject: &str, sid: u64, headers: &str, payload: &str) -> ServerFrame {
    let [headers, payload] = [headers, payload].map(|text| text.to_owned().into());
    ServerFrame::Message(Delivery { subject: subject.to_owned(), sid, headers, payload })
}

#[test]
fn a_conversation_is_read_wherever_its_reads_end() {
    let said = "INFO {\"server_id\":\"N\"} \r\nPING\r\n+OK\r\nMSG a.b 7 5\r\nhello\r\nMSG a.b 7 reply.to 0\r\n\r\n\
                HMSG c 1 12 17\r\nNATS/1.0\r\n\r\nhello\r\npong\r\n-ERR 'Stale Connection'\r\nMSG\td  2\t2\r\n\r\n\r\n";
    let expected = vec![
        ServerFrame::Info("{\"server_id\":\"N\"}".into()),
        ServerFrame::Ping,
        ServerFrame::Done,
        message("a.b", 7, "", "hello"),
        message("a.b", 7, "", ""),
        message("c", 1, "NATS/1.0\r\n\r\n", "hello"),
        ServerFrame::Pong,
        ServerFrame::Fault("Stale Connection".to_owned()),
        message("d", 2, "", "\r\n"),
    ];
    for piece in 1..=said.len() {
        assert_eq!(read(said.as_bytes(), piece).as_ref(), Ok(&expected), "in pieces of {piece}");
    }
}

#[test]
fn headers_are_found_in_any_case() {
    let block = "NATS/1.0\r\nNats-Stream: tr2-x\r\nnats-sequence:42\r\n\r\n";
    let ServerFrame::Message(message) = message("a", 1, block, "") else { unreachable!() };
    assert_eq!(message.header("Nats-Stream"), Some("tr2-x"));
    assert_eq!(message.number("Nats-Sequence"), Some(42));
    assert_eq!(message.number("Nats-Stream"), None);
    assert_eq!(message.status(), None);
    let status = |headers: &str| {
        let ServerFrame::Message(message) = self::message("a", 1, headers, "") else { unreachable!() };
        message.status().map(|(code, text)| (code, text.to_owned()))
    };
    assert_eq!(status("NATS/1.0 503\r\n\r\n"), Some((503, String::new())));
    assert_eq!(status("NATS/1.0 404 Message Not Found\r\n\r\n"), Some((404, "Message Not Found".to_owned())));
    assert_eq!(status(""), None);
}

#[test]
fn what_is_no_frame_is_refused() {
    let cases = [
        "HELLO\r\n",
        "\r\n",
        "MSG a 1\r\n",
        "MSG a 1 x\r\n",
        "MSG a 1 -1\r\n",
        "MSG a 1 +1\r\n",
        "MSG a b c d 1\r\n",
        "MSG a one 1\r\n",
        "HMSG a 1 5 4\r\nabcd\r\n",
        "HMSG a 1 5\r\n",
        "MSG a 1 2\r\nabc\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
    ];
    for case in cases {
        assert_eq!(read(case.as_bytes(), 1), Err(FrameFault::Malformed), "{case:?}");
    }
    assert_eq!(read(b"\xff\xfe\r\n", 9), Err(FrameFault::Malformed));
}

#[test]
fn lines_and_bodies_have_a_limit() {
    let line = |length: usize| format!("INFO {}\r\n", "x".repeat(length - 6));
    assert!(read(line(MAX_LINE).as_bytes(), 1000).is_ok());
    assert_eq!(read(line(MAX_LINE + 1).as_bytes(), 1000), Err(FrameFault::LongLine));
    assert_eq!(read(&vec![b'x'; MAX_LINE + 1], 1000), Err(FrameFault::LongLine));
    let body = |length: usize| format!("MSG a 1 {length}\r\n{}\r\n", "x".repeat(length));
    assert_eq!(read(body(MAX_BODY).as_bytes(), 100_000).map(|frames| frames.len()), Ok(1));
    assert_eq!(read(b"MSG a 1 1048577\r\n", 100), Err(FrameFault::LargeBody));
    assert_eq!(read(b"MSG a 1 99999999999999999999999\r\n", 100), Err(FrameFault::LargeBody));
}

#[test]
fn what_a_client_says_is_as_servers_expect_it() {
    let mut out = BytesMut::new();
    frames::connect(&mut out, "{}");
    frames::subscribe(&mut out, "a.*", 3);
    frames::publish(&mut out, "a.b", "c.d", b"hello");
    frames::publish_with(&mut out, "a.b", "c.d", ("Nats-Expected-Stream", "S"), b"hello");
    frames::ping(&mut out);
    frames::pong(&mut out);
    let expected = "CONNECT {}\r\nSUB a.* 3\r\nPUB a.b c.d 5\r\nhello\r\n\
                    HPUB a.b c.d 37 42\r\nNATS/1.0\r\nNats-Expected-Stream: S\r\n\r\nhello\r\nPING\r\nPONG\r\n";
    assert_eq!(String::from_utf8_lossy(&out), expected);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, piece in 1_usize..50) {
        let _ = read(&bytes, piece);
    }

    #[test]
    fn what_looks_like_frames_is_read_or_refused(
        text in "(((MSG|HMSG|INFO|PING|\\+OK|-ERR)( [a0-9]{0,3}){0,5}|.{0,5})\r?\n?){0,10}", piece in 1_usize..50,
    ) {
        let whole = read(text.as_bytes(), text.len().max(1));
        prop_assert_eq!(read(text.as_bytes(), piece), whole);
    }

    #[test]
    fn messages_arrive_as_they_are(
        messages in prop::collection::vec(("[a-z]{1,9}", any::<u64>(), prop::collection::vec(any::<u8>(), 0..200)), 0..20),
        piece in 1_usize..300,
    ) {
        let mut bytes = Vec::new();
        for (subject, sid, payload) in &messages {
            bytes.extend_from_slice(format!("HMSG {subject} {sid} 12 {}\r\nNATS/1.0\r\n\r\n", payload.len() + 12).as_bytes());
            bytes.extend_from_slice(payload);
            bytes.extend_from_slice(b"\r\n");
        }
        let expected: Vec<ServerFrame> = messages.into_iter().map(|(subject, sid, payload)| {
            let headers = "NATS/1.0\r\n\r\n".into();
            ServerFrame::Message(Delivery { subject, sid, headers, payload: payload.into() })
        }).collect();
        prop_assert_eq!(read(&bytes, piece), Ok(expected));
    }
}
