//! What voice costs: coding, decoding, and making up what is lost; a packet is 40 ms.

use tr2::media::voice::PACKET_SAMPLES;
use tr2::media::voice::codec::{VoiceDecoder, VoiceEncoder};
use tr2::media::voice::test_sound::test_sound;

use super::kit::machine::{or_quick, own_cpu};
use super::kit::table::Table;

/// Of a core, while somebody speaks, in percent: whoever speaks, and whoever hears one speaker.
const MOST_SPEAKER: f64 = 3.0;
const MOST_HEARER: f64 = 1.0;

/// The mean time of a step, in milliseconds.
fn each(count: usize, mut step: impl FnMut(usize)) -> f64 {
    let before = own_cpu();
    (0..count).for_each(&mut step);
    (own_cpu() - before).as_secs_f64() * 1e3 / count as f64
}

pub(super) fn measure(table: &mut Table) {
    let count = or_quick(2_000, 20);
    let samples: Vec<i16> = (0..(count * PACKET_SAMPLES) as u64).map(test_sound).collect();
    let sound = samples.as_chunks().0;
    for rate in [12_000, 8_000] {
        let (mut encoder, mut packets) = (VoiceEncoder::new().unwrap(), Vec::new());
        let encode = each(count, |at| packets.push(encoder.encode(&sound[at], rate).unwrap()));
        let (mut decoder, mut other) = (VoiceDecoder::new().unwrap(), VoiceDecoder::new().unwrap());
        let decode = each(count, |at| _ = decoder.decode(&packets[at]).unwrap());
        // Each packet but the first is lost.
        other.decode(&packets[0]).unwrap();
        let conceal = each(count, |_| _ = other.conceal());
        let bytes = packets.iter().map(Vec::len).sum::<usize>() * 25 / count;
        let [speaker, hearer] = [encode, decode].map(|milliseconds| milliseconds * 100.0 / 40.0);
        let note = format!(
            "encode {encode:.3}, decode {decode:.3}, make up {conceal:.3} ms; {speaker:.2} and {hearer:.2} % of a core"
        );
        table.row(&format!("voice at {rate} bit/s"), "test sound", &format!("{bytes} B/s"), None, &note);
        table.at_most(&format!("speaking at {rate} bit/s, percent of a core"), Some(speaker), MOST_SPEAKER);
        table.at_most(&format!("hearing at {rate} bit/s, percent of a core"), Some(hearer), MOST_HEARER);
    }
}
