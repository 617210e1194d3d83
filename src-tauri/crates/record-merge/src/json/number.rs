//! Numbers by exact decimal value: digits and a power of ten, both of any size. Never a float, never written out.

/// One spelling for each value: `1`, `1.0` and `10e-1` give the same text, `-0` gives that of `0`.
/// The value is `0.DIGITS` times ten to the power after the `e`.
pub(crate) fn canonical(lexeme: &str) -> String {
    let (sign, rest) = match lexeme.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", lexeme),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let stripped = digits.trim_start_matches('0');
    let zeros = digits.len() - stripped.len();
    let significant = stripped.trim_end_matches('0');
    if significant.is_empty() {
        return "0".to_owned();
    }
    let shift = signed(whole.len()) - signed(zeros);
    format!("{sign}{significant}e{}", shifted(exponent, shift))
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// `exponent + shift` as decimal text; the exponent may have any number of digits.
fn shifted(exponent: &str, shift: i64) -> String {
    let (negative, digits) = match exponent.as_bytes().first() {
        Some(b'-') => (true, exponent.trim_start_matches('-')),
        _ => (false, exponent.trim_start_matches('+')),
    };
    let digits = digits.trim_start_matches('0');
    if digits.len() <= 30 {
        let size: i128 = digits.parse().unwrap_or(0);
        return (if negative { -size } else { size } + i128::from(shift)).to_string();
    }
    let size = if negative == (shift < 0) {
        add(digits, shift.unsigned_abs())
    } else {
        subtract(digits, shift.unsigned_abs())
    };
    format!("{}{size}", if negative { "-" } else { "" })
}

fn add(digits: &str, small: u64) -> String {
    let mut carry = u128::from(small);
    let mut out: Vec<u8> = Vec::with_capacity(digits.len() + 1);
    for byte in digits.bytes().rev() {
        let sum = u128::from(byte - b'0') + carry;
        out.push(b'0' + u8::try_from(sum % 10).unwrap_or(0));
        carry = sum / 10;
    }
    while carry > 0 {
        out.push(b'0' + u8::try_from(carry % 10).unwrap_or(0));
        carry /= 10;
    }
    out.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// `digits` has more than 30 of them, `small` less than 20: never below zero.
fn subtract(digits: &str, small: u64) -> String {
    let mut rest = i128::from(small);
    let mut out: Vec<u8> = Vec::with_capacity(digits.len());
    for byte in digits.bytes().rev() {
        let difference = i128::from(byte - b'0') - rest % 10;
        rest /= 10;
        let digit = if difference < 0 {
            rest += 1;
            difference + 10
        } else {
            difference
        };
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
    }
    let text: String = out.iter().rev().map(|byte| char::from(*byte)).collect();
    text.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn equal_values_have_one_spelling() {
        let same = [
            ["1", "1.0"],
            ["1", "1e0"],
            ["1e5", "100000"],
            ["1e5", "1E+5"],
            ["0.00120", "12e-4"],
            ["-0", "0"],
            ["0e999", "0.000"],
            ["-1.50", "-15E-1"],
            ["1e400", "10e399"],
            ["1e999999999999999999999999999999999999999999", "10e999999999999999999999999999999999999999998"],
            ["1e-1000000000000000000000000000000", "10e-1000000000000000000000000000001"],
            ["100e999999999999999999999999999999", "1e1000000000000000000000000000001"],
            ["1e00000000000000000000000000000000000000000000000005", "1e5"],
        ];
        for [a, b] in same {
            assert_eq!(canonical(a), canonical(b), "{a} and {b}");
        }
    }

    #[test]
    fn different_values_differ() {
        let different = [
            ["9007199254740992", "9007199254740993"],
            ["0.1", "0.10000000000000001"],
            ["1", "-1"],
            ["1e400", "1e401"],
            ["1e999999999", "1e999999998"],
            ["1e-5", "1e5"],
            ["12", "21"],
        ];
        for [a, b] in different {
            assert_ne!(canonical(a), canonical(b), "{a} and {b}");
        }
    }
}
