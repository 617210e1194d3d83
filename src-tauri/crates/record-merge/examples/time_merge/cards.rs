//! Cards and calendars larger than anybody has.

use super::{Clock, Dice, MEGABYTE, over_and_over, shuffled};
use record_merge::Format;
use std::fmt::Write;

/// The lines that `one` gives for each number.
fn lines(numbers: impl IntoIterator<Item = usize>, one: impl Fn(usize) -> String) -> String {
    numbers.into_iter().map(one).collect()
}

fn card(body: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u\r\nFN:Anna Keller\r\n{body}END:VCARD\r\n")
}

fn calendar(body: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n")
}

fn event(uid: &str, body: &str) -> String {
    format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{body}END:VEVENT\r\n")
}

/// A series that has these lines, and after it the instances.
fn series(body: &str, instances: &str) -> String {
    let series = format!("DTSTART:20260101T100000Z\r\nRRULE:FREQ=DAILY\r\n{body}");
    calendar(&(event("s", &series) + instances))
}

/// A day within 28 years of months of 28 days.
fn day(number: usize) -> String {
    format!("{:04}{:02}{:02}", 2026 + number / 336, number / 28 % 12 + 1, number % 28 + 1)
}

/// The three versions: `one` writes the line with this number and this mark.
fn three(count: usize, of_mine: usize, of_theirs: usize, one: impl Fn(usize, &str) -> String) -> [String; 3] {
    let marked = |every: usize, rest: usize, mark: &'static str| {
        let one = &one;
        let is_marked = move |n: usize| every > 0 && n % every == rest % every;
        lines(0..count, move |n| one(n, if is_marked(n) { mark } else { "" }))
    };
    [lines(0..count, |n| one(n, "")), marked(of_mine, 0, "1"), marked(of_theirs, of_theirs / 2, "2")]
}

fn merge(clock: &mut Clock, what: &str, versions: [String; 3]) {
    let is_card = versions.iter().any(|text| text.starts_with("BEGIN:VCARD"));
    let format = if is_card { Format::Vcard } else { Format::Icalendar };
    clock.merge(what, format, versions.each_ref().map(String::as_str));
}

/// All of them.
pub(super) fn all(clock: &mut Clock, dice: &mut Dice) {
    lists(clock, dice);
    questions(clock);
    events(clock);
    instances(clock);
    values(clock);
}

/// Many lines of one card or event, some of them changed.
fn lists(clock: &mut Clock, dice: &mut Dice) {
    let phone = |n: usize, mark: &str| format!("TEL:55{n}{mark}\r\n");
    merge(clock, "20,000 phones", three(20_000, 100, 100, phone).map(|body| card(&body)));
    merge(clock, "60,000 phones (1 MB)", three(60_000, 100, 100, phone).map(|body| card(&body)));
    merge(clock, "5,000 phones, all changed by both", three(5_000, 1, 1, phone).map(|body| card(&body)));
    merge(clock, "60,000 phones, all changed by both", three(60_000, 1, 1, phone).map(|body| card(&body)));
    let typed = |n: usize, mark: &str| format!("TEL;TYPE=t{n}:55{n}{mark}\r\n");
    merge(
        clock,
        "20,000 phones with types, all changed by both",
        three(20_000, 1, 1, typed).map(|b| card(&b)),
    );
    let equal = |_: usize, mark: &str| format!("TEL:555{mark}\r\n");
    merge(clock, "20,000 equal phones, half changed by each", three(20_000, 2, 2, equal).map(|b| card(&b)));
    let labelled =
        |n: usize, mark: &str| format!("item{n}.TEL:55{n}\r\nitem{n}.X-ABLabel:Label {n}{mark}\r\n");
    merge(clock, "15,000 phones with labels", three(15_000, 3, 2, labelled).map(|body| card(&body)));
    let one_group = |n: usize, mark: &str| format!("item1.TEL:55{n}\r\nitem1.X-ABLabel:{n}{mark}\r\n");
    merge(clock, "15,000 phones and labels of one group", three(15_000, 3, 2, one_group).map(|b| card(&b)));
    let order = |order: Vec<usize>| card(&lines(order, |n| format!("TEL:55{n}\r\n")));
    let [mine, theirs] = [0, 0].map(|_| order(shuffled(20_000, dice)));
    merge(clock, "20,000 phones, shuffled by both", [order((0..20_000).collect()), mine, theirs]);
    let own = |n: usize, mark: &str| format!("X-OWN-{n}:{n}{mark}\r\n");
    merge(clock, "4,000 unknown properties", three(4_000, 3, 2, own).map(|body| card(&body)));
    merge(clock, "50,000 unknown properties", three(50_000, 3, 2, own).map(|body| card(&body)));
    let own = |n: usize, mark: &str| format!("X-OWN:{n}{mark}\r\n");
    merge(clock, "50,000 times one unknown property", three(50_000, 3, 2, own).map(|body| card(&body)));
    let guest = |n: usize, mark: &str| {
        let answer = if mark.is_empty() { "NEEDS-ACTION" } else { "ACCEPTED" };
        format!("ATTENDEE;CN=Guest {n}{mark};PARTSTAT={answer}:mailto:g{n}@example.org\r\n")
    };
    let guests = |body: String| calendar(&event("u", &body));
    merge(clock, "8,000 guests", three(8_000, 3, 2, guest).map(guests));
    let person = |n: usize, mark: &str| format!("ADR;LABEL=l{n}{mark}:;;Street {n}{mark};Town;;{n};CH\r\n");
    merge(clock, "15,000 addresses", three(15_000, 3, 2, person).map(|body| card(&body)));
    let added = |side: &str| card(&lines(0..20_000, |n| format!("TEL:{side}{n}\r\n")));
    merge(clock, "20,000 phones added by each", [card(""), added("1"), added("2")]);
    merge(clock, "20,000 phones added by both", [card(""), added("1"), added("1")]);
    let identified = |n: usize, mark: &str| format!("TEL;PID={n}.1:55{n}{mark}\r\n");
    let clients = "CLIENTPIDMAP:1;urn:uuid:one\r\n";
    let body = three(15_000, 1, 2, identified).map(|body| card(&format!("{clients}{body}")));
    merge(clock, "15,000 phones with identifiers", body);
}

/// Thousands of questions.
fn questions(clock: &mut Clock) {
    let pairs = |n: usize, mark: &str| {
        let copies = if mark == "1" { 1 } else { 2 + usize::from(mark == "2") };
        format!("TEL:55{n}\r\n").repeat(copies)
    };
    merge(
        clock,
        "10,000 phones twice, one of them removed and added",
        three(10_000, 1, 1, pairs).map(|b| card(&b)),
    );
    let preferred = |n: usize, mark: &str| {
        let pref = if mark.is_empty() { "" } else { ";PREF=1" };
        format!("TEL{pref}:55{n}\r\nEMAIL{pref}:a{n}@b\r\n")
    };
    merge(clock, "10,000 preferred phones and addresses", three(10_000, 3, 2, preferred).map(|b| card(&b)));
    let language = |n: usize, mark: &str| format!("NOTE;LANGUAGE=l{mark};ALTID={n}:Note {n}{mark}\r\n");
    merge(clock, "10,000 notes with another language", three(10_000, 1, 1, language).map(|b| card(&b)));
    let moved = series("", "").replace("T100000Z", "T090000Z");
    let left_out = series(&lines(0..8_000, |n| format!("EXDATE:{}T100000Z\r\n", day(n))), "");
    merge(clock, "8,000 days left out of a series that was moved", [series("", ""), moved, left_out]);
    let removed =
        |side: usize| card(&lines((0..20_000).filter(|n| n % 2 == side), |n| format!("TEL:55{n}\r\n")));
    let edited = card(&lines(0..20_000, |n| format!("TEL;TYPE=x:55{n}\r\n")));
    merge(
        clock,
        "20,000 phones removed here and edited there",
        [removed(2) + "", removed(1), edited.clone()],
    );
    let whole = card(&lines(0..20_000, |n| format!("TEL:55{n}\r\n")));
    merge(clock, "20,000 phones, half removed, all edited", [whole, removed(0), edited]);
}

/// Many components in one file.
fn events(clock: &mut Clock) {
    let one = |n: usize, mark: &str| {
        event(&format!("u{n}"), &format!("DTSTART:20260101T100000Z\r\nSUMMARY:Event {n}{mark}\r\n"))
    };
    merge(clock, "4,000 events", three(4_000, 3, 2, one).map(|body| calendar(&body)));
    merge(clock, "12,000 events (1 MB)", three(12_000, 3, 2, one).map(|body| calendar(&body)));
    merge(clock, "12,000 events, all changed by both", three(12_000, 1, 1, one).map(|body| calendar(&body)));
    let reminder = |n: usize, mark: &str| {
        format!("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT{n}M\r\nDESCRIPTION:d{mark}\r\nEND:VALARM\r\n")
    };
    let alarms = |body: String| calendar(&event("u", &body));
    merge(clock, "10,000 reminders", three(10_000, 3, 2, reminder).map(alarms));
    let equal = |_: usize, mark: &str| reminder(5, mark);
    merge(clock, "10,000 equal reminders", three(10_000, 3, 2, equal).map(alarms));
    let several = |n: usize, mark: &str| {
        format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u{n}\r\nFN:Name {n}{mark}\r\nEND:VCARD\r\n")
    };
    merge(clock, "12,000 cards in one file", three(12_000, 3, 2, several));
    let zone = |n: usize, mark: &str| {
        format!("BEGIN:VTIMEZONE\r\nTZID:Zone {n}{mark}\r\nEND:VTIMEZONE\r\n")
            + &event(&format!("u{n}"), &format!("DTSTART;TZID=Zone {n}{mark}:20260101T100000\r\n"))
    };
    merge(clock, "5,000 events with a time zone each", three(5_000, 3, 2, zone).map(|body| calendar(&body)));
}

/// Instances of one series.
fn instances(clock: &mut Clock) {
    let instance =
        |when: String, words: &str| event("s", &format!("RECURRENCE-ID{when}\r\nSUMMARY:{words}\r\n"));
    let utc = |n: usize| format!(":{}T100000Z", day(n));
    let local = |n: usize| format!(";TZID=Europe/Zurich:{}T110000", day(n));
    for count in [1_500, 4_000] {
        let mine = series("", &lines(0..count, |n| instance(utc(n), "mine")));
        let theirs = series("", &lines(0..count, |n| instance(local(n), "theirs")));
        merge(clock, &format!("{count} instances by each, in two spellings"), [series("", ""), mine, theirs]);
        let mine = series(&lines(0..count, |n| format!("EXDATE{}\r\n", utc(n))), "");
        let theirs = series("", &lines(0..count, |n| instance(local(n), "theirs")));
        merge(clock, &format!("{count} days left out, as many instances"), [series("", ""), mine, theirs]);
    }
    let every =
        |when: fn(usize) -> String, words: &str| series("", &lines(0..1_500, |n| instance(when(n), words)));
    let odd = |n: usize| format!(":{}T{:02}{:02}00Z", day(n / 96), n / 4 % 24, n % 4 * 15);
    let odd_local =
        |n: usize| format!(";TZID=Z{}:{}T{:02}{:02}00", n % 7, day(n / 96), n / 4 % 24, n % 4 * 15);
    let versions = [series("", ""), every(odd, "mine"), every(odd_local, "theirs")];
    merge(clock, "1,500 instances a quarter of an hour apart, in eight spellings", versions);
    let in_one = |from: usize| series(&format!("EXDATE:{}\r\n", list(from, from + 8_000)), "");
    merge(clock, "8,000 days in one line", [in_one(0), in_one(5), in_one(9)]);
    let extra = |from: usize| series(&format!("RDATE:{}\r\n", list(from, from + 8_000)), "");
    merge(clock, "8,000 extra days in one line", [extra(0), extra(5), extra(9)]);
    let by_line = |name: &'static str, from: usize| {
        series(&lines(from..from + 8_000, |n| format!("{name}:{}T100000Z\r\n", day(n))), "")
    };
    for name in ["EXDATE", "RDATE"] {
        let versions = [0, 5, 9].map(|from| by_line(name, from));
        merge(clock, &format!("8,000 lines of {name}"), versions);
    }
}

fn list(from: usize, to: usize) -> String {
    (from..to).map(|n| format!("{}T100000Z", day(n))).collect::<Vec<_>>().join(",")
}

/// Values of one megabyte.
fn values(clock: &mut Clock) {
    let words = |mark: &str| {
        let mut out = String::new();
        for n in 0..60_000 {
            let mark = if n % 100 == mark.len() { mark } else { "" };
            let _ = write!(out, "{}w{n}{mark}", if n > 0 { "," } else { "" });
        }
        out
    };
    for name in ["CATEGORIES", "NICKNAME", "X-OWN", "TEL;TYPE=a"] {
        let versions = ["", "x", "yy"].map(|mark| card(&format!("{name}:{}\r\n", words(mark))));
        merge(clock, &format!("60,000 words in {name}"), versions);
    }
    let versions = ["", "x", "yy"].map(|mark| card(&format!("TEL;TYPE=\"{}\":1\r\n", words(mark))));
    merge(clock, "60,000 types of one phone", versions);
    let versions =
        ["", "x", "yy"].map(|mark| card(&format!("TEL;{}:1\r\n", words(mark).replace(',', "=1;") + "=1")));
    merge(clock, "60,000 parameters of one phone", versions);
    let versions = ["", "x", "yy"].map(|mark| card(&format!("ORG:{}\r\n", words(mark).replace(',', ";"))));
    merge(clock, "60,000 parts of an organisation", versions);
    let versions = ["", "x", "yy"].map(|mark| card(&format!("ADR:{}\r\n", words(mark).replace(',', ";"))));
    merge(clock, "60,000 parts of an address", versions);
    let versions = ["", "x", "yy"].map(|mark| card(&format!("NOTE:{}\r\n", words(mark).replace(',', "\\n"))));
    merge(clock, "60,000 lines of a note", versions);
    let versions = ["a", "b", "c"].map(|end| card(&format!("NOTE:{}{end}\r\n", over_and_over("\\n"))));
    merge(clock, "1 MB of empty lines of a note", versions);
    let versions = ["a", "b", "c"]
        .map(|end| card(&format!("PHOTO:data:image/png;base64,{}{end}\r\n", over_and_over("QUFB"))));
    merge(clock, "1 MB of a picture", versions);
    let versions = ["a", "b", "c"].map(|end| card(&format!("NOTE:{}{end}\r\n", over_and_over("x\r\n "))));
    merge(clock, "1 MB folded after each letter", versions);
    let nested = |inner: &str| {
        let depth = 200;
        calendar(&("BEGIN:X-A\r\n".repeat(depth) + inner + &"END:X-A\r\n".repeat(depth)))
    };
    merge(clock, "components in components", ["A:1\r\n", "A:2\r\n", "A:3\r\n"].map(nested));
    let wide = lines(0..MEGABYTE / 24, |_| "BEGIN:X-A\r\nEND:X-A\r\n".to_owned());
    merge(
        clock,
        "1 MB of empty components",
        [wide.clone(), wide.clone() + "A:1\r\n", wide].map(|b| calendar(&b)),
    );
}
