//! Sound to packets and back, by Opus (RFC 6716), and nothing that Opus could do beyond what speech needs: one channel, up to
//! 8 kHz of sound, 40 ms in each packet.
//!
//! A packet comes from somebody else. So what is not of this one kind is refused before the decoder sees it: of the
//! package's many ways few are open to others. The package has unsafe code, in vector instructions alone; its own tests
//! and `tests/wire/media/voice.rs` throw damaged packets at it.
//!
//! Must not know: where sound comes from, or where packets go.

use std::fmt;

use opus_pure::{Application, Bandwidth, OpusDecoder, OpusEncoder, Signal};

use super::{PACKET_SAMPLES, RATE};

/// The largest packet, in bytes: a quarter more than any of speech at 16 kbit/s had.
pub const MOST_VOICE_PACKET: usize = 160;
/// The first byte of a packet (RFC 6716, section 3.1): SILK alone, wideband, 40 ms; one channel; one frame.
const KIND: u8 = 10 << 3;
/// How much is computed for a packet, of ten.
const COMPLEXITY: i32 = 5;

/// The bits a second that an encoder can be asked for.
pub const BIT_RATES: std::ops::RangeInclusive<u32> = 6_000..=16_000;

/// A packet that is none of voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVoice;

/// Makes packets, each of which needs those before it.
pub struct VoiceEncoder(OpusEncoder);

impl VoiceEncoder {
    /// An encoder; `None` if the package refuses what it always took.
    #[must_use]
    pub fn new() -> Option<Self> {
        let mut encoder = OpusEncoder::new(RATE.cast_signed(), 1, Application::Voip).ok()?;
        encoder.complexity = COMPLEXITY;
        encoder.force_bandwidth = Some(Bandwidth::Wideband);
        encoder.signal_type = Some(Signal::Voice);
        encoder.use_dtx = false;
        Some(Self(encoder))
    }

    /// Codes sound at about so many bits a second, within [`BIT_RATES`]; `None` if it cannot be coded.
    pub fn encode(&mut self, sound: &[i16; PACKET_SAMPLES], bits_a_second: u32) -> Option<Vec<u8>> {
        self.0.bitrate_bps = bits_a_second.clamp(*BIT_RATES.start(), *BIT_RATES.end()).cast_signed();
        let mut packet = [0; MOST_VOICE_PACKET];
        let length = self.0.encode_s16(sound, PACKET_SAMPLES, &mut packet).ok()?;
        let packet = packet.get(..length)?;
        is_voice(packet).then(|| packet.to_vec())
    }

    /// Forgets what was coded: the next packet needs none before it.
    pub fn begin_anew(&mut self) {
        if self.0.reset_state().is_err()
            && let Some(new) = Self::new()
        {
            *self = new;
        }
    }
}

impl fmt::Debug for VoiceEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceEncoder").finish_non_exhaustive()
    }
}

/// Makes sound of packets.
pub struct VoiceDecoder(OpusDecoder);

impl VoiceDecoder {
    /// A decoder; `None` if the package refuses what it always took.
    #[must_use]
    pub fn new() -> Option<Self> {
        OpusDecoder::new(RATE.cast_signed(), 1).ok().map(Self)
    }

    /// Decodes the next packet.
    ///
    /// # Errors
    /// If it is none of voice. The decoder is as it was.
    pub fn decode(&mut self, packet: &[u8]) -> Result<[i16; PACKET_SAMPLES], NoVoice> {
        if !is_voice(packet) {
            return Err(NoVoice);
        }
        let mut sound = [0; PACKET_SAMPLES];
        match self.0.decode_s16(packet, PACKET_SAMPLES, &mut sound) {
            Ok(PACKET_SAMPLES) => Ok(sound),
            Ok(_) | Err(_) => Err(NoVoice),
        }
    }

    /// Makes up the sound of a packet that is lost, out of those before; more and more quietly, the more are.
    pub fn conceal(&mut self) -> [i16; PACKET_SAMPLES] {
        let mut sound = [0; PACKET_SAMPLES];
        match self.0.decode_s16(&[], PACKET_SAMPLES, &mut sound) {
            Ok(PACKET_SAMPLES) => sound,
            Ok(_) | Err(_) => [0; PACKET_SAMPLES],
        }
    }

    /// Forgets what was decoded: the next packet is one that [needs none before it](VoiceEncoder::begin_anew).
    pub fn begin_anew(&mut self) {
        if self.0.reset_state().is_err()
            && let Some(new) = Self::new()
        {
            *self = new;
        }
    }
}

impl fmt::Debug for VoiceDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceDecoder").finish_non_exhaustive()
    }
}

/// Whether bytes can be a packet of voice.
#[must_use]
pub fn is_voice(packet: &[u8]) -> bool {
    packet.first() == Some(&KIND) && (2..=MOST_VOICE_PACKET).contains(&packet.len())
}
