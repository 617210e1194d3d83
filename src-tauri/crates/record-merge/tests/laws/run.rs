//! Runs a law: some thousand cases in `make test`, millions in `make soak`.

use crate::draw::{Draw, shrink};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What a law says about one case: nothing, or what is wrong with it.
pub type Verdict = Result<(), String>;

/// One law for one kind of record.
#[derive(Clone, Copy)]
pub struct Law {
    pub name: &'static str,
    /// Its share of the cases: laws whose cases take long have a smaller one.
    pub weight: u64,
    pub holds: fn(&mut Draw) -> Verdict,
}

/// Cases of a law of weight 1 in `make test`: together more than 200,000.
pub const CASES: u64 = 650;
/// The seed of `make test`: there the same cases run every time, on every machine.
pub const SEED: u64 = 20_261_122;

/// A panic is a broken law, too.
fn verdict(law: &Law, draw: &mut Draw) -> Verdict {
    catch_unwind(AssertUnwindSafe(|| (law.holds)(draw))).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        Err(words.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default())
    })
}

/// One case; what is wrong with it comes with the smallest case that is wrong, and how to run it again.
pub fn case(law: &Law, seed: u64, number: u64) -> Verdict {
    let mut draw = Draw::seeded(seed, number);
    let Err(first) = verdict(law, &mut draw) else { return Ok(()) };
    let tape = shrink(draw.tape().to_vec(), |tape| verdict(law, &mut Draw::replay(tape)).is_err());
    let words = verdict(law, &mut Draw::replay(tape)).err().unwrap_or(first);
    Err(format!(
        "{} is broken\n{words}\nagain: MERGE_SEED={seed} MERGE_FROM={number} MERGE_CASES=1 cargo test -p record-merge --test laws {}",
        law.name, law.name
    ))
}

/// A number from the environment.
pub fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.replace('_', "").parse().ok()
}

/// All cases of one law, as a test.
pub fn test(law: &Law) {
    let seed = setting("MERGE_SEED").unwrap_or(SEED);
    let from = setting("MERGE_FROM").unwrap_or(0);
    let cases = setting("MERGE_CASES").unwrap_or(CASES * law.weight);
    let started = Instant::now();
    for number in from..from + cases {
        case(law, seed, number).unwrap_or_else(|words| panic!("{words}"));
    }
    let each = started.elapsed() / u32::try_from(cases).unwrap_or(u32::MAX).max(1);
    println!("{}: {cases} cases, {each:?} each", law.name);
}

/// What a long run came to.
pub struct Soaked {
    pub broken: Vec<String>,
    pub cases: u64,
}

/// `cases` cases, spread over the laws by their weights and over all cores. Which case of which law number `n` is does not
/// depend on the run, so one that was stopped goes on at a number.
pub fn soak(laws: &[Law], seed: u64, from: u64, cases: u64, say: impl Fn(&str) + Sync) -> Soaked {
    let next = AtomicU64::new(from);
    let spent: Vec<AtomicU64> = laws.iter().map(|_| AtomicU64::new(0)).collect();
    let broken = std::sync::Mutex::new(Vec::new());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let started = Instant::now();
    let said = std::sync::Mutex::new(Instant::now());
    // one round: each law as often as it weighs
    let turns = |at: usize| (0..laws[at].weight).map(move |turn| (at, turn));
    let round: Vec<(usize, u64)> = (0..laws.len()).flat_map(turns).collect();
    let per_round = round.len() as u64;
    const AT_ONCE: u64 = 64;
    let work = || {
        loop {
            let first = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            if first >= from + cases {
                return;
            }
            for number in first..(first + AT_ONCE).min(from + cases) {
                let (at, turn) = round[usize::try_from(number % per_round).unwrap_or_default()];
                let own = number / per_round * laws[at].weight + turn;
                let before = Instant::now();
                if let Err(words) = case(&laws[at], seed, own) {
                    say(&words);
                    broken.lock().unwrap().push(words);
                }
                let took = u64::try_from(before.elapsed().as_nanos()).unwrap_or(u64::MAX);
                spent[at].fetch_add(took, Ordering::Relaxed);
            }
            let mut said = said.lock().unwrap();
            if said.elapsed() > Duration::from_secs(10) {
                *said = Instant::now();
                let done = first + AT_ONCE - from;
                let rate = done / started.elapsed().as_secs().max(1);
                say(&format!(
                    "{done} of {cases} cases, {rate} a second; to go on from here: MERGE_SEED={seed} MERGE_FROM={}",
                    first.saturating_sub(AT_ONCE * cores as u64)
                ));
            }
        }
    };
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    for (law, spent) in laws.iter().zip(&spent) {
        let each = (cases * law.weight / per_round).max(1);
        say(&format!(
            "{:<42} {:>8.1} µs each",
            law.name,
            spent.load(Ordering::Relaxed) as f64 / 1e3 / each as f64
        ));
    }
    Soaked { broken: broken.into_inner().unwrap(), cases }
}
