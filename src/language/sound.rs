//! Sentences about microphones and loudspeakers, and about what can go wrong with them.
//!
//! Must not know: how sound is read or written.

use std::fmt::Display;

use super::sentences;

sentences! {
    no_program {
        en: "No program for sound is installed. Install pulseaudio-utils (parec and pacat), pipewire-bin (pw-cat), alsa-utils (arecord and aplay) or ffmpeg.",
        pt: "Nenhum programa de som está instalado. Instale pulseaudio-utils (parec e pacat), pipewire-bin (pw-cat), alsa-utils (arecord e aplay) ou ffmpeg.",
    }
    used_instead(why: impl Display, name: impl Display) {
        en: "{why} Sound comes and goes by {name} instead.",
        pt: "{why} O som entra e sai por {name} em vez disso.",
    }
    both_used_instead(why: impl Display, microphone: impl Display, loudspeaker: impl Display) {
        en: "{why} Sound comes by {microphone} and goes by {loudspeaker} instead.",
        pt: "{why} O som entra por {microphone} e sai por {loudspeaker} em vez disso.",
    }
    program_missing(name: impl Display) {
        en: "{name} is not installed. Install it, or use --sound auto.",
        pt: "{name} não está instalado. Instale-o, ou use --sound auto.",
    }
    source_none { en: "--sound none means no sound.", pt: "--sound none significa sem som." }
    source_unknown {
        en: "--sound needs auto, none, pulse, pipewire, alsa, ffmpeg, FILE.wav, or FILE.wav,FILE.raw.",
        pt: "--sound precisa de auto, none, pulse, pipewire, alsa, ffmpeg, ARQUIVO.wav ou ARQUIVO.wav,ARQUIVO.raw.",
    }
    file_unread(file: impl Display, error: impl Display) {
        en: "The sound file {file} cannot be read: {error}.",
        pt: "Não foi possível ler o arquivo de som {file}: {error}.",
    }
    file_unwritten(file: impl Display, error: impl Display) {
        en: "The sound file {file} cannot be written: {error}.",
        pt: "Não foi possível gravar o arquivo de som {file}: {error}.",
    }
    file_large(file: impl Display, megabytes: impl Display) {
        en: "The sound file {file} is larger than {megabytes} MB.",
        pt: "O arquivo de som {file} é maior que {megabytes} MB.",
    }
    not_wav(file: impl Display) {
        en: "{file} is not a WAV file, or there is no sound in it.",
        pt: "{file} não é um arquivo WAV, ou não há som nele.",
    }
    wrong_samples(file: impl Display) {
        en: "The sound in {file} must have 16 bits, at most eight channels, and 8000 to 48000 samples a second.",
        pt: "O som em {file} precisa ter 16 bits, no máximo oito canais e de 8000 a 48000 amostras por segundo.",
    }
    program_unstarted(name: impl Display, error: impl Display) {
        en: "The sound program {name} cannot be started: {error}.",
        pt: "O programa de som {name} não pôde ser iniciado: {error}.",
    }
    program_said(name: impl Display, words: impl Display) {
        en: "The sound program {name} ended: {words}",
        pt: "O programa de som {name} terminou: {words}",
    }
    program_status(name: impl Display, status: impl Display) {
        en: "The sound program {name} ended with {status}.",
        pt: "O programa de som {name} terminou com {status}.",
    }
    program_ended(name: impl Display) {
        en: "The sound program {name} has ended.",
        pt: "O programa de som {name} terminou.",
    }
    program_silent(name: impl Display) {
        en: "The sound program {name} gives no sound: the microphone may be in use or disconnected.",
        pt: "O programa de som {name} não fornece som: o microfone pode estar em uso ou desconectado.",
    }
    program_stuck(name: impl Display) {
        en: "The sound program {name} plays nothing: the loudspeaker may be in use or disconnected.",
        pt: "O programa de som {name} não toca nada: o alto-falante pode estar em uso ou desconectado.",
    }
    stream_failed(error: impl Display) {
        en: "Sound cannot be read or written: {error}.",
        pt: "Não foi possível ler ou gravar o som: {error}.",
    }
}
