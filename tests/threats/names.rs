//! Names that imitate another user's or a reserved one: tens of thousands made from Unicode's table of look-alikes.

use std::collections::{BTreeMap, HashMap};

use tr2::model::Name;
use tr2::model::name::NameError;
use unicode_security::skeleton;

use crate::chance::Chance;

/// For each skeleton, the characters that have it.
fn alike() -> HashMap<String, Vec<char>> {
    let mut alike: HashMap<String, Vec<char>> = HashMap::new();
    for c in (0x21..0x3_0000).filter_map(char::from_u32) {
        let mut text = [0; 4];
        alike.entry(skeleton(c.encode_utf8(&mut text)).collect()).or_default().push(c);
    }
    alike
}

/// A name with one to all of its characters replaced by look-alikes.
fn disguised(name: &str, alike: &HashMap<String, Vec<char>>, chance: &mut Chance) -> String {
    let often = 1 + chance.below(4);
    let mut out = String::new();
    for c in name.chars() {
        let look: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
        let others = alike.get(&look).filter(|others| others.len() > 1 && chance.below(often) == 0);
        out.push(others.map_or(c, |others| others[chance.below(others.len())]));
    }
    match chance.below(6) {
        0 => out.replace('m', "rn"),
        // Separately: looking like the name in capitals is different from looking like the name.
        1 => name.to_uppercase(),
        2 => out.replace('w', "vv"),
        _ => out,
    }
}

const NAMES: [&str; 50] = [
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory", "niaj", "olivia",
    "peggy", "rupert", "sybil", "trent", "victor", "walter", "wendy", "paypal", "root", "operator", "ops", "backup",
    "monitor", "jan", "maria", "john", "smith", "miller", "lopez", "garcia", "silva", "santos", "oliveira", "costa",
    "pereira", "almeida", "gomes", "ribeiro", "carvalho", "teixeira", "moreira", "correia", "mendes", "nunes",
    "soares", "vieira", "monteiro",
];

// T3: 10,000 disguises of 50 names: each is refused or clashes with the name that it looks like.
#[test]
fn ten_thousand_disguises_are_refused_or_the_same_name() {
    let alike = alike();
    let mut chance = Chance(3);
    let (mut tried, mut outcomes) = (0, BTreeMap::<&str, usize>::new());
    let keys: Vec<_> = NAMES.iter().map(|name| Name::parse(name).unwrap().key()).collect();
    while tried < 10_000 {
        let at = chance.below(NAMES.len());
        let disguise = disguised(NAMES[at], &alike, &mut chance);
        // Unicode does not list vv as a look-alike of w: that is another name.
        if disguise == NAMES[at] || disguise.contains("vv") {
            continue;
        }
        tried += 1;
        let outcome = match Name::parse(&disguise) {
            Ok(name) if name.key().clashes(&keys[at]) => "the same",
            Ok(name) => panic!("{name} passes for {}", NAMES[at]),
            Err(_) => "refused",
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    println!("{tried} disguises: {outcomes:?}");
    assert!(outcomes.values().all(|count| *count > 100));
}

// T4: 500 disguises of reserved names: all are refused.
#[test]
fn five_hundred_forms_of_reserved_names_are_refused() {
    let reserved = ["server", "client", "all", "everyone", "broadcast", "admin", "system", "moderator", "you", "me"];
    let alike = alike();
    let mut chance = Chance(4);
    let mut forms = std::collections::BTreeSet::new();
    while forms.len() < 500 {
        let form = disguised(reserved[chance.below(reserved.len())], &alike, &mut chance);
        forms.insert(form);
    }
    forms.extend(["all clients", "no data", "*", "#ops", "@me"].map(str::to_owned));
    // With separators and marks more, which people hardly see.
    for word in reserved {
        for form in [format!("{word}."), format!("_{word}"), format!(".{word}-"), word.replace('e', "e.")] {
            forms.extend([form.to_uppercase(), form]);
        }
        let (first, rest) = word.split_at(1);
        forms.extend([format!("{first}-{rest}"), format!("{first}\u{323}{rest}"), format!("{word}\u{301}")]);
    }
    forms.extend(["all.clients", "All-Clients", "all_cl\u{ed}ents", "allclients"].map(str::to_owned));
    forms.extend(["serve\u{1e5b}", "a\u{1e0d}min", "a\u{111}min", "s\u{ea}rver", "adm\u{131}n"].map(str::to_owned));
    for form in &forms {
        assert!(Name::parse(form).is_err(), "{form} is given");
    }
    println!("{} forms", forms.len());
}

// T2: 44 characters that affect the text around them, at 3 positions of a name: all are refused.
#[test]
fn no_name_affects_the_text_around_it() {
    let acting = [
        0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F,
        0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x206A, 0x206F, 0x2028, 0x2029, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xFE00,
        0xFE0F, 0x180E, 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x3164, 0xFFA0, 0xE0001, 0xE0041, 0xE007F, 0xE0100,
        0x1D173, 0x0085, 0x00A0,
    ];
    assert_eq!(acting.len(), 44);
    for c in acting.into_iter().filter_map(char::from_u32) {
        for name in [format!("{c}alice"), format!("al{c}ice"), format!("alice{c}")] {
            assert_eq!(Name::parse(&name), Err(NameError::BadCharacter), "{name:?}");
        }
    }
}

// Names of people are given, however much they are like a word that is reserved.
#[test]
fn names_of_people_are_not_reserved() {
    for name in [
        "José",
        "jose",
        "ana",
        "ana_",
        "anna-lena",
        "Zoë",
        "Đorđe",
        "Łukasz",
        "Åse",
        "Allan",
        "alli",
        "Meg",
        "Mee",
        "youssef",
        "Serverin",
        "adminto",
        "systema",
        "admiral",
        "moderato",
        "Эллина",
        "Ольга",
        "张伟",
        "さくら",
        "مريم",
        "Þór",
        "nguyễn",
        "o.neill",
        "jean-luc",
        "mary_ann",
        "bob1",
        "server1",
    ] {
        assert!(Name::parse(name).is_ok(), "{name}");
    }
}
