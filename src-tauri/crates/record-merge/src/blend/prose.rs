//! What counts as a sentence: only those are put together word by word without a question (merge.md 2.6, step 4).

use unicode_segmentation::UnicodeSegmentation;

/// Every line is a sentence or more, and none looks like code, a table or a list of settings.
///
/// A sentence has at least five words, or three and a full stop (question mark, ...) at the end. Words of scripts
/// without spaces count as two characters each. A line is not prose if
/// - it has a sign that prose does not have: `{ } = < > | \ ^ ~ $ _ @ # * & ;` or a backtick; web and mail addresses
///   do not count;
/// - it begins with up to three words and a colon, as settings do;
/// - less than two thirds of what is not space are letters.
pub(super) fn is_prose(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    lines.peek().is_some() && lines.all(is_sentence)
}

fn is_sentence(line: &str) -> bool {
    let plain: Vec<&str> = line.split_whitespace().filter(|chunk| !is_address(chunk)).collect();
    let line_without = plain.join(" ");
    let line = line_without.trim();
    if line.contains([
        '{', '}', '=', '<', '>', '|', '\\', '^', '~', '$', '_', '@', '#', '*', '&', ';', '`', '\t',
    ]) {
        return false;
    }
    let key = line.split_once(':').map(|(key, _)| words(key));
    if key.is_some_and(|words| words <= 3) {
        return false;
    }
    let visible = line.chars().filter(|c| !c.is_whitespace()).count();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let ends =
        line.trim_end_matches(['"', '\'', ')', '”', '»']).ends_with(['.', '!', '?', '…', '。', '！', '？']);
    letters * 3 >= visible * 2 && words(line) >= if ends { 3 } else { 5 }
}

fn is_address(chunk: &str) -> bool {
    chunk.contains("://") || chunk.starts_with("www.") || chunk.contains('@')
}

/// Words as people count them.
fn words(text: &str) -> usize {
    let (mut words, mut characters) = (0, 0);
    for word in text.unicode_words() {
        if word.chars().count() == 1
            && word.chars().all(|c| c.is_alphabetic() && !c.is_ascii() && !has_spaces(c))
        {
            characters += 1;
        } else {
            words += 1;
        }
    }
    words + characters / 2
}

/// The script of the letter puts spaces between words. Han, Kana and Hangul start at U+1100 or later, Thai, Lao, Khmer
/// and Myanmar lie in between.
fn has_spaces(letter: char) -> bool {
    !matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::is_prose;

    #[test]
    fn sentences_are_told_from_the_rest() {
        for text in [
            "The old drill is in the cellar.",
            "It is broken.",
            "call her on Monday about the drill",
            "Write to anna@example.org or see https://example.org/a_b?c=1 before you go.",
            "Die Tür im Keller klemmt.\nNiemand weiß, warum sie das tut.",
            "古い本は地下室にある。",
            "Das kostet 40 Euro, aber nur am Samstag.",
        ] {
            assert!(is_prose(text), "{text}");
        }
        for text in [
            "",
            "the red door",
            "cellar",
            "Blue bike, M",
            "status: the old drill is in the cellar",
            "due date: tomorrow in the morning or later",
            "let x = the old drill and the cellar",
            "call(the, old, drill, in, the, cellar);",
            "<p>The old drill is in the cellar.</p>",
            "| The old drill | is in the cellar |",
            "see a_long_name of some thing in the code",
            "+351 912 345 678, +351 912 345 679 and others",
            "1 2 3 4 5 6 7 8",
            "The old drill is in the cellar.\nno",
            "本は木",
        ] {
            assert!(!is_prose(text), "{text}");
        }
    }
}
