//! Reads from a certificate what nobody needs for a handshake, but its keeper wants to know: how long it is valid, for which
//! names, and who issued it (RFC 5280, section 4.1). The signature is not looked at.
//!
//! Must not know: whether a certificate is trusted.

use chrono::NaiveDate;

use crate::model::Timestamp;

/// The tags of DER that a certificate is made of (X.690, section 8).
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// A host's name among the alternative names.
const DNS_NAME: u8 = 0x82;
/// The extension of alternative names, 2.5.29.17.
const ALTERNATIVE_NAMES: [u8; 3] = [0x55, 0x1d, 0x11];

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CertificateFacts {
    /// From when it is valid.
    pub(crate) from: Timestamp,
    /// Until when it is valid.
    pub(crate) until: Timestamp,
    /// Who issued it, in DER.
    pub(crate) issuer: Vec<u8>,
    /// Whose it is, in DER.
    pub(crate) subject: Vec<u8>,
    /// The names of hosts that it is for.
    pub(crate) names: Vec<String>,
}

/// Reads a certificate in DER; `None` if it is none.
pub(crate) fn read(der: &[u8]) -> Option<CertificateFacts> {
    let mut whole = Values(der);
    let mut certificate = Values(whole.read(SEQUENCE)?.content);
    let mut rest = Values(certificate.read(SEQUENCE)?.content);
    rest.pass(VERSION);
    rest.read(INTEGER)?;
    // The algorithm of the signature.
    rest.read(SEQUENCE)?;
    let issuer = rest.read(SEQUENCE)?.content.to_vec();
    let mut validity = Values(rest.read(SEQUENCE)?.content);
    let (from, until) = (time(&validity.next()?)?, time(&validity.next()?)?);
    let subject = rest.read(SEQUENCE)?.content.to_vec();
    Some(CertificateFacts { from, until, issuer, subject, names: names(rest).unwrap_or_default() })
}

fn names(rest: Values<'_>) -> Option<Vec<String>> {
    let extensions = rest.into_iter().find(|value| value.tag == EXTENSIONS)?;
    let list = Values(extensions.content).read(SEQUENCE)?;
    let names = Values(list.content).find_map(|extension| {
        let mut parts = Values(extension.content);
        let wanted = parts.read(OBJECT)?.content == ALTERNATIVE_NAMES;
        // A switch may stand between the two.
        let value = parts.find(|part| part.tag == OCTETS)?;
        wanted.then(|| Values(value.content).read(SEQUENCE))?
    })?;
    let hosts = Values(names.content).filter(|name| name.tag == DNS_NAME);
    Some(hosts.filter_map(|name| String::from_utf8(name.content.to_vec()).ok()).collect())
}

/// Reads `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, the only forms that a certificate may have.
fn time(value: &Value<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(value.content).ok()?.strip_suffix('Z')?;
    let text = match value.tag {
        GENERALIZED_TIME => text.to_owned(),
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        _ => return None,
    };
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(4, 6)?, number(6, 8)?)?;
    let time = date.and_hms_opt(number(8, 10)?, number(10, 12)?, number(12, 14)?)?;
    Some(Timestamp(time.and_utc().timestamp_millis()))
}

/// A value: its tag and its content.
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
}

/// Values in a row.
struct Values<'a>(&'a [u8]);

impl<'a> Values<'a> {
    /// The next value, which must have this tag.
    fn read(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next().filter(|value| value.tag == tag)
    }

    /// Passes over the next value if it has this tag.
    fn pass(&mut self, tag: u8) {
        if self.0.first() == Some(&tag) {
            self.next();
        }
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(Value { tag, content })
    }
}
