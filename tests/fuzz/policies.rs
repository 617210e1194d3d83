//! Policies as people and profiles write them, and what the engine then does by them.

use crate::targets::{checked, parts};
use record_merge::json::{Document, Kind, quote};
use record_merge::{Format, Policy, read_policy};

/// A policy that is read can be written and read again, and no policy breaks a merge; a refusal has words.
pub fn policy(bytes: &[u8]) {
    let [policy, base, mine, theirs] = parts(bytes);
    match read_policy(policy) {
        Ok(policy) => {
            let written = serde_json::to_string(&policy).unwrap();
            assert_eq!(read_policy(written.as_bytes()).as_ref(), Ok(&policy), "{written}");
            checked(Format::Json, Some(base), Some(mine), Some(theirs), &policy);
        }
        Err(words) => assert!(words.len() > 10, "{words}"),
    }
}

/// One policy for all formats: what is set for a note or a card holds there, and breaks nothing.
pub fn policy_elsewhere(bytes: &[u8]) {
    let [policy, base, mine, theirs] = parts(bytes);
    let policy: Policy = read_policy(policy).unwrap_or_default();
    for format in [Format::Text, Format::Vcard, Format::Icalendar] {
        checked(format, Some(base), Some(mine), Some(theirs), &policy);
    }
}

/// Whatever policy comes with a question, the answer is one line: an outcome, or an error that is about the policy if
/// the same question has an answer without it.
pub fn batch_policy(bytes: &[u8]) {
    let [policy, base, mine, theirs] = parts(bytes);
    let text = |bytes: &[u8]| quote(&String::from_utf8_lossy(bytes));
    // as it would stand in the line
    let is_value = Document::parse(policy).is_ok_and(|d| d.kind(d.root()) == Kind::Object);
    let Some(policy) = std::str::from_utf8(policy).ok().filter(|text| is_value && !text.contains('\n'))
    else {
        return;
    };
    let policy = policy.trim_start_matches('\u{feff}');
    for format in ["json", "text", "vcard", "icalendar"] {
        let question = format!(
            "{{\"format\":\"{format}\",\"base\":{},\"mine\":{},\"theirs\":{},\"mine_at\":1,\"theirs_at\":2",
            text(base),
            text(mine),
            text(theirs)
        );
        let run = |line: &str| -> serde_json::Value {
            serde_json::from_str(&record_merge::batch::run_batch_line(line)).unwrap()
        };
        let (without, with) =
            (run(&format!("{question}}}")), run(&format!("{question},\"policy\":{policy}}}")));
        match read_policy(policy.as_bytes()) {
            Ok(_) => assert_eq!(with.get("error"), without.get("error"), "{policy}"),
            Err(words) => assert!(with.get("error").is_some(), "{policy}: {words}, and yet {with}"),
        }
    }
}
