//! Exact arithmetic on numbers as they are spelled: digit by digit, no floating point, bounded in length.

use std::cmp::Ordering;

/// Longest number that is calculated with, in digits before and behind the point; beyond, a person is asked.
const LONGEST: i64 = 2_000;

/// Digits from the last to the first, and how many of them stand behind the point.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    scale: usize,
}

fn read(lexeme: &str) -> Option<Decimal> {
    let (negative, rest) = match lexeme.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, lexeme),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i64 = exponent.parse().ok().filter(|e: &i64| e.abs() <= LONGEST)?;
    let length = i64::try_from(mantissa.len()).ok().filter(|length| *length <= LONGEST)?;
    let all = whole.bytes().chain(fraction.bytes());
    let mut digits: Vec<u8> = all.map(|byte| byte.wrapping_sub(b'0')).collect();
    if digits.is_empty() || digits.iter().any(|digit| *digit > 9) || length == 0 {
        return None;
    }
    let scale = i64::try_from(fraction.len()).ok()? - exponent;
    digits.extend((scale..0).map(|_| 0));
    digits.reverse();
    Some(Decimal { negative, digits, scale: usize::try_from(scale.max(0)).ok()? })
}

/// The sum of numbers, each added or taken away, as a signed row of digits from the last to the first.
fn total(terms: &[(&Decimal, bool)]) -> (bool, Vec<u8>, usize) {
    let scale = terms.iter().map(|(term, _)| term.scale).max().unwrap_or(0);
    let shift = |term: &Decimal| scale - term.scale;
    let length = terms.iter().map(|(term, _)| term.digits.len() + shift(term)).max().unwrap_or(0);
    let mut columns = vec![0i32; length.max(scale + 1)];
    for (term, minus) in terms {
        let sign = if term.negative == *minus { 1 } else { -1 };
        for (column, digit) in columns.iter_mut().skip(shift(term)).zip(&term.digits) {
            *column += sign * i32::from(*digit);
        }
    }
    let (digits, negative) = carried(&columns);
    if !negative {
        return (false, digits, scale);
    }
    columns.iter_mut().for_each(|column| *column = -*column);
    (true, carried(&columns).0, scale)
}

/// Columns as single digits; true if the number is below zero (then the digits are not its own).
fn carried(columns: &[i32]) -> (Vec<u8>, bool) {
    let mut carry = 0;
    let mut digits = Vec::with_capacity(columns.len() + 2);
    let mut push = |value: i32| digits.push(u8::try_from(value.rem_euclid(10)).unwrap_or(0));
    for column in columns {
        let value = column + carry;
        push(value);
        carry = value.div_euclid(10);
    }
    while carry > 0 {
        push(carry);
        carry /= 10;
    }
    (digits, carry < 0)
}

/// Both changes to a number added up: `mine + theirs - base`, spelled without an exponent and with as many digits behind
/// the point as the most exact of the three. `None` if one is no number, or too long to be written out.
pub(crate) fn changes_added(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let (base, mine, theirs) = (read(base)?, read(mine)?, read(theirs)?);
    let (negative, mut digits, scale) = total(&[(&mine, false), (&theirs, false), (&base, true)]);
    while digits.len() > scale + 1 && digits.last() == Some(&0) {
        digits.pop();
    }
    let zero = digits.iter().all(|digit| *digit == 0);
    let mut out = if negative && !zero { "-".to_owned() } else { String::new() };
    for (place, digit) in digits.iter().enumerate().rev() {
        out.push(char::from(b'0' + digit));
        if place == scale && scale > 0 {
            out.push('.');
        }
    }
    Some(out)
}

/// Compares two numbers by exact value. `None` if one is no number, or too long.
pub(crate) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (read(a)?, read(b)?);
    let (negative, digits, _) = total(&[(&a, false), (&b, true)]);
    Some(match digits.iter().all(|digit| *digit == 0) {
        true => Ordering::Equal,
        false if negative => Ordering::Less,
        false => Ordering::Greater,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_add_up_exactly() {
        let cases = [
            ("10", "12", "9", Some("11")),
            ("0", "0.1", "0.2", Some("0.3")),
            ("10.00", "12.50", "9.00", Some("11.50")),
            ("5", "3", "1", Some("-1")),
            ("-5", "-3", "-9", Some("-7")),
            ("1e3", "2E+3", "1.5e3", Some("2500")),
            ("0", "1e-3", "2", Some("2.001")),
            ("9007199254740993", "9007199254740994", "9007199254740993", Some("9007199254740994")),
            ("1", "2", "0", Some("1")),
            ("1", "-1", "1", Some("-1")),
            ("1", "0.5", "0.5", Some("0.0")),
            ("99", "100", "9999999999999999999999", Some("10000000000000000000000")),
            ("1e9999999", "1", "2", None),
            ("1", "1e99999999999999999999999", "2", None),
            ("1", "\"2\"", "2", None),
            ("1", "null", "2", None),
        ];
        for (base, mine, theirs, expected) in cases {
            let added = changes_added(base, mine, theirs);
            assert_eq!(added.as_deref(), expected, "{base} {mine} {theirs}");
            assert_eq!(added, changes_added(base, theirs, mine), "turned: {base} {mine} {theirs}");
        }
    }

    #[test]
    fn numbers_compare_by_value() {
        let cases = [
            ("1", "2", Some(Ordering::Less)),
            ("10", "9", Some(Ordering::Greater)),
            ("1.0", "10e-1", Some(Ordering::Equal)),
            ("-1", "-2", Some(Ordering::Greater)),
            ("-0", "0", Some(Ordering::Equal)),
            ("0.1", "0.10000000000000000001", Some(Ordering::Less)),
            ("9007199254740993", "9007199254740992", Some(Ordering::Greater)),
            ("1", "true", None),
        ];
        for (a, b, expected) in cases {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected.map(Ordering::reverse), "{b} {a}");
        }
    }
}
