//! One record on a bench: brought into any state by the events that lead there.

use sync_engine::*;

pub const BASE: &str = r#"{"a":1,"b":2,"c":3}"#;
pub const MINE: &str = r#"{"a":10,"b":2,"c":3}"#;
pub const NEWER: &str = r#"{"a":10,"b":2,"c":30}"#;
/// Somebody else changed another field than [`MINE`].
pub const THEIRS: &str = r#"{"a":1,"b":20,"c":3}"#;
/// Somebody else changed the same field.
pub const CLASH: &str = r#"{"a":11,"b":2,"c":3}"#;

pub fn body(text: &str) -> Body {
    Body::json(text.as_bytes())
}

pub fn mark(n: u32) -> Validator {
    Validator::new(format!("\"{n}\"")).expect("a mark")
}

pub fn version(text: &str, n: u32) -> Version {
    Version { body: body(text), validator: Some(mark(n)) }
}

pub fn there(text: &str, n: u32) -> Theirs {
    Theirs::Present(version(text, n))
}

pub fn words() -> String {
    "in the server's words".to_owned()
}

pub fn applied(n: u32) -> WriteOutcome {
    WriteOutcome::Applied { validator: Some(mark(n)), body: None, id: None }
}

pub fn unknown() -> WriteOutcome {
    WriteOutcome::Unknown { words: words() }
}

pub fn failed(current: Option<Current>) -> WriteOutcome {
    WriteOutcome::PreconditionFailed { current, words: words() }
}

pub fn refused() -> WriteOutcome {
    let pointers = vec![Pointed { pointer: "/a".to_owned(), words: words() }];
    WriteOutcome::Refused(Refusal { kind: RefusalKind::Content, words: words(), pointers })
}

pub fn found(text: &str, n: u32) -> Event {
    Event::Looked(ReadOutcome::Found(version(text, n)))
}

/// The record, its rules, the clock.
pub struct Bench {
    pub rules: Rules,
    pub now: i64,
    pub seq: i64,
    pub run: i64,
    pub jitter: f64,
    pub record: Option<Record>,
    pub history: Vec<HistoryEntry>,
    pub effects: Vec<Effect>,
    pub copies: Vec<Body>,
}

impl Bench {
    fn empty(id: Option<&str>) -> Self {
        let id = id.map(|id| RemoteId(id.to_owned()));
        Self {
            rules: Rules { grade: Grade::Protected, ..Rules::default() },
            now: 1_000_000,
            seq: 100,
            run: 1,
            jitter: 1.0,
            record: Some(Record::new(LocalKey(1), SourceId(1), "things", id)),
            history: Vec::new(),
            effects: Vec::new(),
            copies: Vec::new(),
        }
    }

    pub fn synced() -> Self {
        let mut bench = Self::empty(Some("x"));
        bench.theirs(there(BASE, 1));
        bench
    }

    pub fn edited() -> Self {
        let mut bench = Self::synced();
        bench.save(MINE);
        bench
    }

    pub fn sending() -> Self {
        let mut bench = Self::edited();
        bench.due();
        bench
    }

    pub fn uncertain() -> Self {
        let mut bench = Self::sending();
        bench.take(Event::Answered(unknown()));
        bench
    }

    pub fn contested() -> Self {
        let mut bench = Self::sending();
        bench.take(Event::Answered(failed(None)));
        bench
    }

    pub fn needs_you() -> Self {
        let mut bench = Self::contested();
        bench.take(found(CLASH, 2));
        bench
    }

    pub fn rejected() -> Self {
        let mut bench = Self::sending();
        bench.take(Event::Answered(refused()));
        bench
    }

    pub fn in_state(state: State) -> Self {
        let bench = match state {
            State::Synced => Self::synced(),
            State::Edited => Self::edited(),
            State::Sending => Self::sending(),
            State::Uncertain => Self::uncertain(),
            State::Contested => Self::contested(),
            State::NeedsYou => Self::needs_you(),
            State::Rejected => Self::rejected(),
        };
        assert_eq!(bench.state(), Some(state));
        bench
    }

    /// A removal on the wire.
    pub fn deleting() -> Self {
        let mut bench = Self::synced();
        bench.take(Event::DeleteSaved);
        bench.due();
        bench
    }

    /// A new record that waits; at an address of our own where the collection takes one.
    pub fn new_record(creates: Creates) -> Self {
        let own = creates == Creates::OwnAddress;
        let mut bench = Self::empty(own.then_some("x"));
        bench.rules.creates = creates;
        bench.record_mut().id_is_ours = own;
        bench.save(MINE);
        bench
    }

    /// The same on the wire.
    pub fn creating(creates: Creates) -> Self {
        let mut bench = Self::new_record(creates);
        bench.due();
        bench
    }

    pub fn try_take(&mut self, event: Event) -> Result<(), StepError> {
        self.seq += 1;
        self.now += 1;
        let cx = Context {
            now: Timestamp(self.now),
            run: RunId(self.run),
            seq: Seq(self.seq),
            rules: &self.rules,
            jitter: self.jitter,
            prepared: None,
        };
        let record = self.record.clone().expect("a record");
        // A merge made before saves work and changes nothing.
        let prepared = Prepared::of(&record, &self.rules);
        let again = step(record.clone(), event.clone(), &Context { prepared: Some(&prepared), ..cx });
        let done = step(record, event, &cx);
        assert_eq!(format!("{again:?}"), format!("{done:?}"));
        let done = done?;
        self.record = done.record;
        self.history.extend(done.history);
        self.copies.extend(done.copies);
        self.effects = done.effects;
        Ok(())
    }

    pub fn take(&mut self, event: Event) -> &mut Self {
        let words = format!("{event:?}");
        self.try_take(event).unwrap_or_else(|e| panic!("{words}: {e}"));
        self
    }

    pub fn save(&mut self, text: &str) -> &mut Self {
        self.take(Event::EditSaved(body(text)))
    }

    pub fn due(&mut self) -> &mut Self {
        let key = IdempotencyKey(format!("key-{}", self.seq));
        self.take(Event::Due { key })
    }

    pub fn theirs(&mut self, theirs: Theirs) -> &mut Self {
        let began = Seq(self.seq);
        self.take(Event::TheirsSeen { theirs, began })
    }

    pub fn answer(&mut self, outcome: WriteOutcome) -> &mut Self {
        self.take(Event::Answered(outcome))
    }

    /// The program ended and started again.
    pub fn restart(&mut self) -> &mut Self {
        self.run += 1;
        self
    }

    pub fn state(&self) -> Option<State> {
        self.record.as_ref().map(|r| r.state(RunId(self.run)).expect("a state"))
    }

    pub fn record(&self) -> &Record {
        self.record.as_ref().expect("a record")
    }

    pub fn record_mut(&mut self) -> &mut Record {
        self.record.as_mut().expect("a record")
    }

    pub fn edit(&self) -> &Edit {
        self.record().edit.as_ref().expect("an edit")
    }

    pub fn mine(&self) -> Option<&str> {
        self.record().edit.as_ref().and_then(|e| e.change.body()).map(text)
    }

    pub fn base(&self) -> Option<(&str, Option<&Validator>)> {
        self.record().base.as_ref().map(|b| (text(&b.body), b.validator.as_ref()))
    }

    pub fn server(&self) -> Option<&Theirs> {
        self.record().theirs.as_ref().map(|t| &t.what)
    }

    pub fn kind(&self) -> Option<ConflictKind> {
        self.record().conflict.as_ref().map(|c| c.kind)
    }

    pub fn written(&self) -> Option<&Write> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Send(write) => Some(write),
            _ => None,
        })
    }

    pub fn looks(&self) -> bool {
        self.effects.iter().any(|e| matches!(e, Effect::Look(_)))
    }

    pub fn wrote(&self, what: What) -> bool {
        self.history.iter().any(|entry| entry.what == what)
    }

    pub fn kept(&self, wanted: &str) -> bool {
        self.history.iter().any(|entry| entry.body.as_ref().is_some_and(|b| text(b) == wanted))
    }

    pub fn refusal(&self) -> Option<RefusalKind> {
        self.record().refusal.as_ref().map(|r| r.kind)
    }

    /// Milliseconds until it is tried again.
    pub fn wait(&self) -> Option<i64> {
        self.edit().not_before.map(|at| at.0 - self.now)
    }
}

pub fn text(body: &Body) -> &str {
    std::str::from_utf8(&body.bytes).expect("text")
}

/// The condition a write carries.
pub fn condition(write: &Write) -> String {
    Record::precondition_line(write.precondition())
}
