//! Random records, choices and changes of the server: what the screen and the lists say is what sending will do.

use super::*;
use crate::handle::decided;
use ipc_types::{Choice, Decide, MergeRow, Standing};
use record_merge::Merged;

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    /// Some of them, in order.
    fn some<'a>(&mut self, from: &[&'a str]) -> Vec<&'a str> {
        from.iter().filter(|_| self.roll(3) > 0).copied().collect()
    }
}

/// What a record is written from: the parts change one by one.
type Parts = Vec<String>;
/// Rolls one part anew.
type Roll = fn(usize, &mut Dice) -> String;

/// A kind of record.
struct Kind {
    media_type: &'static str,
    parts: usize,
    roll: Roll,
    write: fn(&Parts) -> String,
}

impl Kind {
    fn fresh(&self, dice: &mut Dice) -> Parts {
        (0..self.parts).map(|at| (self.roll)(at, dice)).collect()
    }

    fn changed(&self, parts: &Parts, dice: &mut Dice) -> Parts {
        let one = |(at, part): (usize, &String)| match dice.roll(3) {
            0 => (self.roll)(at, dice),
            _ => part.clone(),
        };
        parts.iter().enumerate().map(one).collect()
    }

    fn body(&self, parts: &Parts) -> Body {
        Body::new((self.write)(parts).into_bytes(), self.media_type)
    }
}

fn tool_part(at: usize, dice: &mut Dice) -> String {
    let lines = ["Charge both batteries.", "One is weak.", "Ask Tomasz.", "Keep dry.", "Blades are in B2."];
    match at {
        0 => dice.pick(&["\"Drill\"", "\"Cordless drill\"", "\"Drill 18 V\""]).to_string(),
        1 => dice.pick(&["\"available\"", "\"in_repair\"", "\"lent\"", "null"]).to_string(),
        2 => dice.pick(&["20.00", "25.00", "30.00", "-1"]).to_string(),
        3 => format!("[{}]", dice.some(&["\"power\"", "\"18 V\"", "\"old\"", "\"new\""]).join(", ")),
        4 => format!("\"{}\"", dice.some(&lines).join("\\n")),
        5 => {
            let item = |no: usize, count: usize| {
                format!("{{\"no\": {no}, \"item\": \"Part {no}\", \"count\": {count}}}")
            };
            let kept: Vec<usize> = (1..4).filter(|_| dice.roll(4) > 0).collect();
            let items: Vec<String> = kept.into_iter().map(|no| item(no, dice.roll(3))).collect();
            format!("[{}]", items.join(", "))
        }
        _ => dice
            .pick(&["\"A1\"", "\"A2\"", "{\"row\": 1, \"box\": 2}", "{\"row\": 1, \"box\": 3}"])
            .to_string(),
    }
}

fn tool(parts: &Parts) -> String {
    let names = ["name", "status", "deposit", "tags", "notes", "accessories", "shelf"];
    let member = |(name, part): (&&str, &String)| format!("\"{name}\": {part}");
    format!("{{{}}}", names.iter().zip(parts).map(member).collect::<Vec<_>>().join(", "))
}

fn note_part(_: usize, dice: &mut Dice) -> String {
    dice.pick(&["", "# Plan\n", "- [ ] Dig\n", "- [x] Dig\n", "Water in May.\n", "Water on 3 May.\n", "\n"])
        .to_string()
}

fn card_part(at: usize, dice: &mut Dice) -> String {
    match at {
        0 => dice.pick(&["FN:Ann Lee\r\n", "FN:Anna Lee\r\n"]).to_string(),
        1 => {
            dice.pick(&["TEL;TYPE=cell:1\r\n", "TEL;TYPE=cell:2\r\n", "TEL;TYPE=cell:3\r\n", ""]).to_string()
        }
        2 => dice.pick(&["TEL;TYPE=work:4\r\n", "TEL;TYPE=work:5\r\n", ""]).to_string(),
        3 => dice.pick(&["EMAIL:a@x.example\r\n", "EMAIL:b@x.example\r\n", ""]).to_string(),
        _ => {
            dice.pick(&["NOTE:one\\ntwo\r\n", "NOTE:one\\nthree\r\n", "NOTE:zero\\ntwo\r\n", ""]).to_string()
        }
    }
}

const KINDS: [Kind; 3] = [
    Kind { media_type: "application/json", parts: 7, roll: tool_part, write: tool },
    Kind { media_type: "text/markdown", parts: 8, roll: note_part, write: |parts| parts.concat() },
    Kind {
        media_type: "text/vcard",
        parts: 5,
        roll: card_part,
        write: |parts| format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\n{}END:VCARD\r\n", parts.concat()),
    },
];

/// One record in a merge, and what is known about it.
struct Case {
    record: Record,
    /// Versions that were seen.
    parts: Vec<Parts>,
    log: Vec<String>,
}

impl Case {
    fn new(kind: &Kind, dice: &mut Dice) -> (Self, Parts) {
        let base = kind.fresh(dice);
        let (mut mine, theirs) = (kind.changed(&base, dice), kind.changed(&base, dice));
        while mine == base {
            mine = kind.changed(&base, dice);
        }
        let mut record = Record::new(LocalKey(7), SourceId(1), "tools", Some(RemoteId("118".into())));
        record.base =
            Some(Base { body: kind.body(&base), validator: Some(tag("\"1\"")), seen_at: Timestamp(100) });
        record.edit =
            Some(Edit::untried(Change::Replace(kind.body(&mine)), record.base.as_ref(), Timestamp(500)));
        let conflict = Conflict {
            kind: ConflictKind::EditEdit,
            decisions: Vec::new(),
            rows: Vec::new(),
            must_look: false,
        };
        record.conflict = Some(conflict);
        let log = [&base, &mine, &theirs].map(|parts| (kind.write)(parts)).to_vec();
        let parts = vec![base, mine, theirs.clone()];
        let mut case = Self { record, parts, log };
        case.seen(kind.body(&theirs), 2);
        (case, theirs)
    }

    fn seen(&mut self, body: Body, number: usize) {
        let version = Version { body, validator: Some(tag(&format!("\"{number}\""))) };
        self.now(Theirs::Present(version), ConflictKind::EditEdit);
    }

    fn now(&mut self, what: Theirs, kind: ConflictKind) {
        self.record.theirs = Some(TheirsSeen { what, seen_at: Timestamp(600) });
        self.record.conflict.as_mut().unwrap().kind = kind;
    }

    fn rows(&self) -> Vec<MergeRow> {
        merge_view(&tools(), &self.record, &Known::default()).unwrap().rows
    }

    fn decide(&mut self, row: &MergeRow, dice: &mut Dice) {
        let mut choices = row.choices.clone();
        choices.push(Choice::Later);
        let choice = *dice.pick(&choices);
        let own = [row.mine.json.as_str(), "\"own\"", "7", "[\"own\"]"];
        let json =
            (choice == Choice::Edit).then(|| dice.pick(&own).to_string()).filter(|json| !json.is_empty());
        self.log.push(format!("{} {choice:?} {json:?}", row.field.pointer));
        let wanted =
            Decide { key: "7".into(), rows: vec![row.row], choice, json, ready: None, seen: String::new() };
        // What is no record is refused, and nothing is decided.
        let Ok(list) = decided(&tools(), &self.record, &wanted) else {
            return self.log.push("refused".into());
        };
        self.record.conflict.as_mut().unwrap().decisions = list;
    }

    /// The result is written as another text: it is what comes of it, byte for byte or equal by value.
    fn write(&mut self, kind: &Kind, dice: &mut Dice) -> bool {
        let ctx = tools();
        let parts: Vec<Parts> = self.parts.iter().map(|parts| kind.changed(parts, dice)).collect();
        let body = kind.body(dice.pick(&parts));
        self.log.push(format!("written: {}", String::from_utf8_lossy(&body.bytes)));
        let state = merge_of(&ctx, &self.record).unwrap();
        let now = super::super::versions::result_body(&state);
        let Some(taken) = source_decisions(&ctx, &state, &body, now.as_ref()) else { return false };
        assert!(taken.both.is_none(), "nothing was decided since {:#?}", self.log);
        self.record.conflict.as_mut().unwrap().decisions = taken.decisions;
        let state = merge_of(&ctx, &self.record).unwrap();
        let result = super::super::versions::result_body(&state).unwrap();
        let told = String::from_utf8_lossy(&result.bytes).into_owned();
        let same = record_merge::equal(body.format(), &body.bytes, &result.bytes, &ctx.rules.merge);
        assert!(same, "came to {told} {:#?}", self.log);
        let open = state.reviewed.iter().filter(|row| row.standing.is_open()).count();
        assert_eq!(open, taken.still_open, "{:#?}", self.log);
        true
    }

    /// The screen, the list and the engine say the same.
    fn check(&self) {
        let ctx = tools();
        let view = merge_view(&ctx, &self.record, &Known::default()).unwrap();
        let waits = |row: &&MergeRow| matches!(row.standing, Standing::Undecided | Standing::Suggested);
        let open: Vec<&str> = view.rows.iter().filter(waits).map(|row| row.field.pointer.as_str()).collect();
        let log = &self.log;
        assert!(
            view.rows.iter().filter(waits).all(|row| row.open),
            "a question nobody sees: {open:?} {log:#?}"
        );
        assert_eq!(view.choices - view.decided, u32::try_from(open.len()).unwrap(), "{open:?} {log:#?}");
        let state = merge_of(&ctx, &self.record).unwrap();
        if self.record.conflict.as_ref().unwrap().kind == ConflictKind::EditDelete {
            // One question about the record; what was decided before rests.
            assert!(open.len() <= 1, "{open:?} {log:#?}");
            return;
        }
        let validator = state.theirs_validator().map(Validator::as_str);
        let sent = record_merge::resolve(&state.merge, &state.conflict.decisions, validator);
        assert_eq!(sent.is_ok(), open.is_empty(), "{open:?} {sent:?} {log:#?}");
        let shape = shape(&ctx, &self.record, 1).unwrap();
        assert_eq!(shape.open, view.choices - view.decided, "{log:#?}");
        if let Ok(Merged::Document(bytes)) = sent {
            let told = view.source.result.unwrap();
            assert_eq!(told, String::from_utf8(bytes).unwrap(), "what is shown is what is sent {log:#?}");
        }
        for row in view.rows.iter().filter(|row| !row.open && row.kind != "reordered") {
            assert!(row.result.is_some(), "{} has no result {log:#?}", row.field.pointer);
        }
    }
}

#[test]
fn whatever_is_decided_the_screen_and_the_engine_agree() {
    let runs = std::env::var("MERGE_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(600);
    let mut written = [0; 2];
    for run in 1..=runs {
        let mut dice = Dice(u64::wrapping_mul(run, 0x9e37_79b9_7f4a_7c15));
        dice.roll(2);
        let kind = &KINDS[dice.roll(3)];
        let (mut case, mut theirs) = Case::new(kind, &mut dice);
        case.check();
        for step in 0..1 + dice.roll(6) {
            let rows = case.rows();
            if dice.roll(6) == 0 {
                written[usize::from(case.write(kind, &mut dice))] += 1;
            } else if dice.roll(8) == 0 {
                case.log.push("server: gone".into());
                case.now(Theirs::Gone, ConflictKind::EditDelete);
            } else if rows.is_empty() || dice.roll(4) == 0 {
                theirs = kind.changed(&theirs, &mut dice);
                case.log.push(format!("server: {}", (kind.write)(&theirs)));
                case.seen(kind.body(&theirs), 3 + step);
            } else {
                let row = dice.pick(&rows);
                case.decide(row, &mut dice);
            }
            case.check();
        }
        // A way out is always there.
        for _ in 0..200 {
            let rows = case.rows();
            let waits = |row: &&MergeRow| matches!(row.standing, Standing::Undecided | Standing::Suggested);
            let Some(row) = rows.iter().find(waits) else { break };
            case.decide(row, &mut dice);
            case.check();
        }
        let rows = case.rows();
        assert!(rows.iter().all(|row| row.standing != Standing::Undecided), "no way out {:#?}", case.log);
    }
    let [refused, taken] = written;
    assert!(refused * 20 < taken, "{refused} of {} texts could not be taken", refused + taken);
}
