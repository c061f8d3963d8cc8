//! QR codes of texts.
//!
//! Must not know: what a text is, or how a code is drawn.

use qrcode::{Color, EcLevel, QrCode};

use crate::client::view::QrModules;

/// The QR code of a text, as small as it can be; `None` if the text is too long for one. A screen is clean and at hand, so
/// the least correction of errors is enough.
#[must_use]
pub fn qr_of(text: &str) -> Option<QrModules> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let side = code.width();
    Some(QrModules::new(side, code.into_colors().into_iter().map(|module| module == Color::Dark).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finders_in_three_corners_and_a_quiet_zone_around() {
        let code = qr_of("tr2 join").unwrap();
        assert_eq!((code.cols(), code.rows()), (21 + 8, 15), "version 1");
        // The upper left finder: a dark ring of 7 by 7 from the fourth module on.
        assert_eq!(code.cell(4, 2), (true, true));
        assert_eq!(code.cell(5, 2), (true, false));
        assert_eq!(code.cell(4, 5), (true, false));
        assert_eq!(code.cell(11, 2), (false, false), "the separator");
        assert_eq!(code.cell(24, 2), (true, true), "the upper right one");
        for row in 0..code.rows() {
            for col in [0, 3, 25, 28] {
                assert_eq!(code.cell(col, row), (false, false), "{col} {row}");
            }
        }
        assert_eq!(qr_of(&"x".repeat(3000)), None);
    }
}
