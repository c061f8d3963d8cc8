//! How QUIC is set up: waits, windows, what counts as lost.
//!
//! Must not know: the handshake's keys, or what is sent.

use std::sync::Arc;
use std::time::Duration;

use quinn_proto::{Endpoint, EndpointConfig, IdleTimeout, ServerConfig, TransportConfig, VarInt};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::congestion::FollowDelay;
use super::events::ChannelError;

/// A channel on which nothing arrives for this long is dead.
pub const SILENCE: Duration = Duration::from_secs(30);
/// A sign of life is sent after this much silence of our own.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
/// The round trip that is assumed until one is measured: a handshake that loses a packet goes on soon.
const ASSUMED_ROUND_TRIP: Duration = Duration::from_millis(50);
/// A packet counts as lost when this many later ones have arrived, or this share of a round trip has passed: lines of
/// phones reorder.
const REORDERED: u32 = 12;
const REORDERED_TIME: f32 = 2.0;
/// The most streams that the other side may have open.
const STREAMS: u32 = 8;
/// The most bytes of a stream that wait to be read here.
const STREAM_WINDOW: u32 = 256 * 1024;
/// The same of all: so many that streams which nobody reads do not stop another.
const WINDOW: u32 = (STREAMS + 1) * STREAM_WINDOW;
/// The most bytes that wait to be acknowledged.
const SEND_WINDOW: u64 = 512 * 1024;
/// The most bytes of datagrams that a connection keeps: more than a packet's worth, which is what it is given.
pub(super) const DATAGRAMS_OUT: usize = 4 * 1024;
/// The most bytes of datagrams that wait to be taken.
const DATAGRAMS_IN: usize = 64 * 1024;

/// The endpoint of one side; a callee answers with `callee`.
pub(super) fn endpoint(callee: Option<Arc<ServerConfig>>) -> Result<Endpoint, ChannelError> {
    let resets = hmac::Key::new(hmac::HMAC_SHA256, &secret()?);
    let mut config = EndpointConfig::new(Arc::new(resets));
    // The bit tells packets of QUIC from others on the same way (RFC 9443).
    config.grease_quic_bit(false);
    Ok(Endpoint::new(Arc::new(config), callee, false, None))
}

/// A secret of this side alone.
pub(super) fn secret() -> Result<[u8; 32], ChannelError> {
    let mut secret = [0; 32];
    SystemRandom::new().fill(&mut secret).map_err(|_| ChannelError::Cryptography)?;
    Ok(secret)
}

/// The settings of a connection.
pub(super) fn transport() -> TransportConfig {
    let mut transport = TransportConfig::default();
    let silence = u32::try_from(SILENCE.as_millis()).unwrap_or(u32::MAX);
    transport
        .max_concurrent_bidi_streams(STREAMS.into())
        .max_concurrent_uni_streams(0_u32.into())
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(silence))))
        .keep_alive_interval(Some(SIGN_OF_LIFE))
        .stream_receive_window(STREAM_WINDOW.into())
        .receive_window(WINDOW.into())
        .send_window(SEND_WINDOW)
        .packet_threshold(REORDERED)
        .time_threshold(REORDERED_TIME)
        .initial_rtt(ASSUMED_ROUND_TRIP)
        .mtu_discovery_config(None)
        .allow_spin(false)
        .datagram_receive_buffer_size(Some(DATAGRAMS_IN))
        .datagram_send_buffer_size(DATAGRAMS_OUT)
        .congestion_controller_factory(Arc::new(FollowDelay))
        .enable_segmentation_offload(false);
    transport
}
