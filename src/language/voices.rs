//! Voice in calls.
//!
//! Must not know: how voice is sent.

use std::fmt::Display;

use super::sentences;

sentences! {
    sound_is_on(name: impl Display) {
        en: "Sound is on: you hear {name}. F8 speaks while you hold it, or until you press it again.",
        pt: "O som está ligado: você ouve {name}. F8 fala enquanto você a segura, ou até apertá-la de novo.",
    }
    sound_is_off(name: impl Display) {
        en: "Sound is off: you neither hear {name} nor are heard.",
        pt: "O som está desligado: você não ouve {name} nem é ouvido.",
    }
    does_not_hear_you(name: impl Display) {
        en: "{name} does not hear you: there is no sound there, or it is off.",
        pt: "{name} não ouve você: lá não há som, ou está desligado.",
    }
    does_not_arrive(name: impl Display) {
        en: "What you say does not reach {name} any more: the line is too thin.",
        pt: "O que você diz não chega mais a {name}: a linha é estreita demais.",
    }
    speaks { en: "speaks", pt: "fala" }
    you_speak { en: "you speak", pt: "você fala" }
    voice_state { en: "voice", pt: "voz" }
    talk_key { en: "speak", pt: "falar" }
    sound_is_on_already { en: "Sound is on already.", pt: "O som já está ligado." }
    sound_is_off_already { en: "Sound is off already.", pt: "O som já está desligado." }
    talks_already { en: "You speak already.", pt: "Você já está falando." }
    does_not_talk { en: "You do not speak.", pt: "Você não está falando." }
    not_in_rooms {
        en: "Voice is for calls of two: /call NAME.",
        pt: "Voz é para chamadas de dois: /call NOME.",
    }
}
