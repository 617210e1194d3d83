//! Records that are files: pictures are shown, everything else is told by its kind and size (M56).

use super::value::text_value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipc_types::Value;
use record_merge::json::quote;
use sync_engine::Body;

/// Largest picture that goes to the window, in bytes.
const MOST: usize = 2 << 20;
/// What a window draws; SVG can hold scripts.
const DRAWN: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp"];

/// A file as a value: words as its text, and behind them the picture, or else what tells it from other files of its
/// kind and size.
pub(crate) fn file_value(body: &Body) -> Value {
    let kind = body.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = if DRAWN.contains(&kind.as_str()) && body.bytes.len() <= MOST {
        quote(&format!("data:{kind};base64,{}", STANDARD.encode(&body.bytes)))
    } else {
        quote(&format!("{kind} {:?}", body.hash()))
    };
    Value { json, ..text_value(&format!("{}, {}", kind_words(&kind), size_words(body.bytes.len()))) }
}

/// "PNG picture", "PDF file", "File".
fn kind_words(kind: &str) -> String {
    let (family, name) = kind.split_once('/').unwrap_or(("", kind));
    let short = name.split('+').next().unwrap_or_default().to_ascii_uppercase();
    match family {
        "image" if !short.is_empty() => format!("{short} picture"),
        _ if short.is_empty() || short == "OCTET-STREAM" => "File".to_owned(),
        _ => format!("{short} file"),
    }
}

/// "1 byte", "404 bytes", "12.3 kB", "4.1 MB".
fn size_words(bytes: usize) -> String {
    let tenths = |unit: usize| {
        let tenths = bytes.saturating_mul(10).saturating_add(unit / 2) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipc_types::ValueType;

    #[test]
    fn files_are_told_by_kind_and_size_and_pictures_are_shown() {
        for (media_type, bytes, words, drawn) in [
            ("image/png", 404, "PNG picture, 404 bytes", true),
            ("Image/JPEG; q=1", 12_345, "JPEG picture, 12.3 kB", true),
            ("image/svg+xml", 1, "SVG picture, 1 byte", false),
            ("image/png", MOST + 1, "PNG picture, 2.1 MB", false),
            ("application/pdf", 1_999_950, "PDF file, 2.0 MB", false),
            ("application/octet-stream", 0, "File, 0 bytes", false),
            ("", 3, "File, 3 bytes", false),
        ] {
            let value = file_value(&Body::new(vec![1; bytes], media_type));
            assert_eq!((value.r#type, value.text.as_str()), (ValueType::Text, words));
            assert_eq!(value.json.starts_with("\"data:image/"), drawn, "{media_type}");
        }
        let one = |byte: u8| file_value(&Body::new(vec![byte; 9], "application/zip"));
        assert_eq!(one(1), one(1));
        assert_ne!(one(1), one(2), "of one size, and yet different");
    }
}
