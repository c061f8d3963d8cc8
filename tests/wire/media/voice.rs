//! Voice: the codec and what damaged packets do to it, sound files, several speakers in one loudspeaker.
//!
//! `TR2_LONG=1 cargo test --release --test wire damaged_voice` tries two million.

use std::time::{Duration, Instant};

use tr2::media::voice::codec::{BIT_RATES, MOST_VOICE_PACKET, NoVoice, VoiceDecoder, VoiceEncoder, is_voice};
use tr2::media::voice::mixer::{MOST_SPEAKERS, MOST_WAITING, Mixer};
use tr2::media::voice::stretch::stretched;
use tr2::media::voice::test_sound::test_sound;
use tr2::media::voice::wav::{self, WavError};
use tr2::media::voice::{PACKET_SAMPLES, RATE};

use crate::chance::Chance;
use crate::heard::likeness;

/// By how many samples the codec is late.
const DELAY: usize = 104;

fn sound(packets: usize) -> Vec<i16> {
    (0..(packets * PACKET_SAMPLES) as u64).map(test_sound).collect()
}

fn coded(sound: &[i16], rate: u32) -> Vec<Vec<u8>> {
    let mut encoder = VoiceEncoder::new().unwrap();
    sound.as_chunks().0.iter().map(|packet| encoder.encode(packet, rate).unwrap()).collect()
}

#[test]
fn speech_is_small_and_sounds_as_it_did() {
    let sound = sound(100);
    for (rate, most_bytes, least) in [(12_000, 1_700, 0.85), (8_000, 1_150, 0.75)] {
        let packets = coded(&sound, rate);
        let bytes = packets.iter().map(Vec::len).sum::<usize>() * 25 / packets.len();
        let mut decoder = VoiceDecoder::new().unwrap();
        let heard: Vec<i16> = packets.iter().flat_map(|packet| decoder.decode(packet).unwrap()).collect();
        let likeness = likeness(&sound, &heard[DELAY..]);
        println!("{rate} bits a second: {bytes} bytes, likeness {likeness:.3}");
        assert!(bytes <= most_bytes && likeness > least, "{bytes} B/s, {likeness}");
    }
    // A reset on both sides begins anew.
    let (mut encoder, mut decoder) = (VoiceEncoder::new().unwrap(), VoiceDecoder::new().unwrap());
    let first: &[i16; PACKET_SAMPLES] = sound.first_chunk().unwrap();
    let packet = encoder.encode(first, 12_000).unwrap();
    let heard = decoder.decode(&packet).unwrap();
    encoder.encode(first, 12_000).unwrap();
    decoder.conceal();
    encoder.begin_anew();
    decoder.begin_anew();
    assert_eq!(encoder.encode(first, 12_000).unwrap(), packet);
    assert_eq!(decoder.decode(&packet).unwrap(), heard);
}

#[test]
fn whatever_the_microphone_gives_becomes_packets_of_the_one_kind() {
    let mut chance = Chance(3);
    let mut encoder = VoiceEncoder::new().unwrap();
    for round in 0..600 {
        let packet: [i16; PACKET_SAMPLES] = std::array::from_fn(|at| match round / 100 {
            0 => 0,
            1 => i16::MAX,
            2 => chance.next() as i16,
            3 => {
                if at % 2 == 0 {
                    i16::MIN
                } else {
                    i16::MAX
                }
            }
            4 => (chance.next() % 3) as i16,
            _ => test_sound(at as u64).saturating_mul(9),
        });
        let rate = [0, *BIT_RATES.start(), 12_000, *BIT_RATES.end(), u32::MAX][round % 5];
        let packet = encoder.encode(&packet, rate).expect("a packet");
        assert!(is_voice(&packet) && packet.len() <= MOST_VOICE_PACKET, "{packet:?}");
    }
}

#[test]
fn a_lost_packet_is_made_up_and_many_fade_away() {
    let sound = sound(40);
    let packets = coded(&sound, 12_000);
    let mut decoder = VoiceDecoder::new().unwrap();
    let loud = |sound: &[i16]| sound.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    let before: Vec<i16> = packets[..12].iter().flat_map(|packet| decoder.decode(packet).unwrap()).collect();
    let spoken = loud(&before[before.len() - 2 * PACKET_SAMPLES..]) / 2.0;
    let made_up: Vec<f64> = (0..20).map(|_| loud(&decoder.conceal())).collect();
    assert!(made_up[0] > spoken / 20.0, "{made_up:?} after {spoken}");
    assert!(made_up[19] < spoken / 100.0, "{made_up:?} after {spoken}");
    // And on it goes.
    assert!(packets[32..].iter().all(|packet| decoder.decode(packet).is_ok()));
}

#[test]
fn damaged_voice_neither_panics_nor_takes_long() {
    let tries = if std::env::var_os("TR2_LONG").is_some() { 2_000_000 } else { 6_000 };
    let packets = coded(&sound(60), 12_000);
    let (mut chance, mut decoder) = (Chance(21), VoiceDecoder::new().unwrap());
    let (mut decoded, mut refused, mut slow) = (0_u32, 0_u32, 0_u32);
    let began = Instant::now();
    for _ in 0..tries {
        let mut packet = packets[chance.below(packets.len())].clone();
        for _ in 0..chance.below(4) {
            let at = chance.below(packet.len().max(1));
            match chance.below(6) {
                0..=1 => packet.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.below(8)),
                2 => packet.iter_mut().skip(at).take(9).for_each(|byte| *byte = chance.next() as u8),
                3 => packet.truncate(at),
                4 => packet.extend((0..chance.below(200)).map(|_| chance.next() as u8)),
                _ => packet.iter_mut().skip(1).for_each(|byte| *byte = chance.next() as u8),
            }
        }
        let one = Instant::now();
        match decoder.decode(&packet) {
            Ok(_) => decoded += 1,
            Err(NoVoice) => refused += 1,
        }
        if chance.below(9) == 0 {
            decoder.conceal();
        }
        slow += u32::from(one.elapsed() > Duration::from_millis(20));
    }
    println!("{decoded} decoded, {refused} refused, {slow} slow, {:?} each", began.elapsed() / tries);
    assert!(decoded > refused && refused > tries / 50, "{decoded} decoded, {refused} refused");
    // A busy machine holds up a few; a packet that costs much would do so each time.
    assert!(slow < tries / 100 && began.elapsed() / tries < Duration::from_millis(5), "{slow} of {tries}");
    // All else that Opus has is none of voice.
    let voice = &packets[0];
    for first in (0..=255).filter(|first| *first != voice[0]) {
        let other = [&[first], &voice[1..]].concat();
        assert_eq!(decoder.decode(&other), Err(NoVoice), "{first:#x}");
    }
    let longest = [voice.clone(), vec![0; MOST_VOICE_PACKET]].concat();
    assert!(decoder.decode(&longest[..MOST_VOICE_PACKET]).is_ok());
    for wrong in [&[][..], &voice[..1], &longest[..=MOST_VOICE_PACKET]] {
        assert_eq!(decoder.decode(wrong), Err(NoVoice));
    }
}

#[test]
fn sound_becomes_longer_and_shorter_and_stays_itself() {
    let sound = sound(2);
    for length in [sound.len() - 40, sound.len(), sound.len() + 40] {
        let other = stretched(&sound, length);
        assert_eq!(other.len(), length);
        assert!(likeness(&sound, &stretched(&other, sound.len())) > 0.9);
    }
    assert_eq!(stretched(&sound, sound.len()), sound);
    assert_eq!(stretched(&[7], 3), [7, 7, 7]);
    assert_eq!(stretched(&[0, 1000], 4), [0, 500, 1000, 1000]);
    assert_eq!((stretched(&[], 5), stretched(&[1, 2], 0)), (vec![], vec![]));
    assert_eq!(stretched(&[i16::MIN, i16::MAX], 4)[2..], [i16::MAX, i16::MAX]);
}

/// A WAV file with these samples.
fn wav(channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let format = [
        &1_u16.to_le_bytes()[..],
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &(rate * u32::from(channels) * 2).to_le_bytes(),
        &(channels * 2).to_le_bytes(),
        &bits.to_le_bytes(),
    ];
    let chunk = |name: &[u8], data: &[u8]| [name, &(data.len() as u32).to_le_bytes(), data].concat();
    let inside =
        [b"WAVE".to_vec(), chunk(b"LIST", b"odd\0"), chunk(b"fmt ", &format.concat()), chunk(b"data", data)].concat();
    chunk(b"RIFF", &inside)
}

#[test]
fn sound_files_are_read_at_our_rate_in_one_channel() {
    let samples = [0_i16, 1000, -1000, 32767, -32768, 5];
    assert_eq!(wav::samples(&wav::bytes(&samples)), samples);
    assert_eq!(wav::samples(&[1, 0, 9]), [1]);
    assert_eq!(wav::read(&wav(1, RATE, 16, &wav::bytes(&samples))), Ok(samples.to_vec()));
    assert_eq!(wav::read(&wav(2, RATE, 16, &wav::bytes(&samples))), Ok(vec![500, 15883, -16381]));
    let long: Vec<i16> = (0..480).map(|at| at * 10).collect();
    let slower = wav::read(&wav(1, 48_000, 16, &wav::bytes(&long))).unwrap();
    assert_eq!((slower.len(), slower[10]), (160, 300));
    // One that is still being written, and one without sound.
    let whole = wav(1, RATE, 16, &wav::bytes(&samples));
    assert_eq!(wav::read(&whole[..whole.len() - 4]), Ok(samples[..4].to_vec()));
    assert_eq!(wav::read(&wav(1, RATE, 16, &[])), Ok(vec![]));
    for (bytes, why) in [
        (b"".to_vec(), WavError::NotWav),
        (b"RIFF0000WAVX".to_vec(), WavError::NotWav),
        (whole[..30].to_vec(), WavError::NotWav),
        (whole[..50].to_vec(), WavError::NotWav),
        (wav(0, RATE, 16, &[]), WavError::Samples),
        (wav(9, RATE, 16, &[]), WavError::Samples),
        (wav(1, RATE, 24, &[]), WavError::Samples),
        (wav(1, 7_999, 16, &[]), WavError::Samples),
        (wav(1, 48_001, 16, &[]), WavError::Samples),
    ] {
        assert_eq!(wav::read(&bytes), Err(why), "{bytes:?}");
    }
    let mut chance = Chance(1);
    for _ in 0..2_000 {
        let mut bytes = whole.clone();
        for _ in 0..=chance.below(3) {
            let at = chance.below(bytes.len());
            bytes[at] = chance.next() as u8;
        }
        bytes.truncate(chance.below(bytes.len() + 1));
        let _ = wav::read(&bytes);
    }
}

#[test]
fn who_began_is_heard_in_full_and_all_are_quieter_while_the_person_speaks() {
    let mut mixer = Mixer::default();
    assert_eq!(mixer.take(3), [0, 0, 0]);
    mixer.push(7, &[8000; 800]);
    mixer.push(3, &[400; 800]);
    let heard = mixer.take(800);
    assert_eq!(heard, [8100; 800]);
    // The other alone, who is still the second; then the first again, beside the person.
    mixer.push(3, &[400; 100]);
    assert_eq!(mixer.take(100), [100; 100]);
    mixer.talk(true);
    mixer.push(7, &[8000; 800]);
    let heard = mixer.take(800);
    assert!(heard[0] > 7900 && heard[799] == 2000, "{heard:?}");
    assert!(heard.windows(2).all(|pair| pair[0] - pair[1] < 40), "no click");
    mixer.talk(false);
    // After a pause the other is the first.
    assert_eq!(mixer.take(20_000), vec![0; 20_000]);
    mixer.push(3, &[400; 1]);
    mixer.push(7, &[8000; 800]);
    assert!(mixer.take(800)[799] == 2000);
    // Too loud is as loud as can be.
    let mut mixer = Mixer::default();
    (0..9).for_each(|speaker| mixer.push(speaker, &[i16::MIN; 4]));
    assert_eq!(mixer.take(4), [i16::MIN; 4]);
}

#[test]
fn of_too_much_sound_the_newest_is_left_and_of_too_many_speakers_the_first() {
    let mut mixer = Mixer::default();
    for step in 0..100 {
        mixer.push(1, &[step; 400]);
    }
    let heard = mixer.take(MOST_WAITING + 1);
    assert_eq!((heard[0], heard[MOST_WAITING - 1], heard[MOST_WAITING]), (84, 99, 0));
    for speaker in 2..=MOST_SPEAKERS as u64 {
        mixer.push(speaker, &[0; 4]);
    }
    mixer.push(99, &[20_000; 4]);
    assert_eq!(mixer.take(4), [0; 4], "no room for another");
    mixer.push(1, &[]);
}
