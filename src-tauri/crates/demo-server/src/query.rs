//! Query parameters.

use percent_encoding::percent_decode_str;

use crate::problem::{Kind, Problem};

/// The value of a parameter, decoded; the first one if it comes twice.
pub(crate) fn parameter(query: &str, name: &str) -> Result<Option<String>, Problem> {
    for pair in query.split('&') {
        let mut sides = pair.splitn(2, '=');
        if sides.next() != Some(name) {
            continue;
        }
        let value = sides.next().unwrap_or_default().replace('+', " ");
        let decoded = percent_decode_str(&value).decode_utf8().map_err(|_| {
            Problem::new(Kind::BadRequest, format!("The parameter {name} is not valid UTF-8."))
        })?;
        return Ok(Some(decoded.into_owned()));
    }
    Ok(None)
}

/// A parameter that is a number in a range.
pub(crate) fn number(
    query: &str,
    name: &str,
    min: usize,
    max: usize,
    default: usize,
) -> Result<usize, Problem> {
    let Some(text) = parameter(query, name)? else { return Ok(default) };
    match text.parse::<usize>() {
        Ok(n) if n >= min => Ok(n.min(max)),
        _ => {
            Err(Problem::new(Kind::BadRequest, format!("{name} must be a whole number from {min} to {max}.")))
        }
    }
}
