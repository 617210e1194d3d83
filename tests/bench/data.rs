//! Records of about 1 KB, the same in every run: a tool of a lending library with a page of notes.

/// Words to write records with; the first ones are common, the last ones rare.
const WORDS: usize = 3_000;

/// The word of that rank.
pub fn word(rank: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ka", "lo", "mi", "ter", "van", "sol", "dre", "pu", "ning", "ha", "ric", "to", "bel", "gra", "shi",
        "em", "ost", "fla", "jun", "wy",
    ];
    let mut left = rank;
    let mut text = String::new();
    for _ in 0..3 {
        text.push_str(SYLLABLES.get(left % SYLLABLES.len()).copied().unwrap_or_default());
        left /= SYLLABLES.len();
    }
    text
}

/// A fixed sequence (splitmix64): the same records on every machine.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    /// A word; low ranks come more often, as in any language.
    fn word(&mut self) -> String {
        let widest = self.below(WORDS) + 1;
        word(self.below(widest))
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// The id of a record.
pub fn id(number: usize) -> String {
    format!("T-{number:06}")
}

/// The representation of a record, about 1,000 bytes.
pub fn body(number: usize) -> String {
    let mut seq = Sequence(number as u64);
    let (title, shelf) = (seq.words(3), seq.below(900) + 100);
    let (deposit, weight) = (seq.below(20_000), seq.below(9_000));
    let (name, street, tags) = (seq.words(2), seq.words(1), [seq.word(), seq.word(), seq.word()]);
    format!(
        concat!(
            r#"{{"title":"{title} {number}","shelf":"B-{shelf}","deposit":{euros}.{cents:02},"weight":{weight},"#,
            r#""available":{available},"tags":["{t0}","{t1}","{t2}"],"#,
            r#""contact":{{"name":"{name}","street":"{street} {shelf}","phone":"0{weight} {deposit}"}},"#,
            r#""bought":"20{year:02}-{month:02}-14","notes":"{notes}"}}"#
        ),
        title = title,
        number = number,
        shelf = shelf,
        euros = deposit / 100,
        cents = deposit % 100,
        weight = weight,
        available = number.is_multiple_of(3),
        t0 = tags[0],
        t1 = tags[1],
        t2 = tags[2],
        name = name,
        street = street,
        deposit = deposit,
        year = number % 25,
        month = number % 12 + 1,
        notes = seq.words(90),
    )
}

/// The same document with another deposit.
pub fn with_deposit(body: &str, deposit: &str) -> Option<String> {
    let (before, rest) = body.split_once("\"deposit\":")?;
    let (_, after) = rest.split_once(',')?;
    Some(format!("{before}\"deposit\":{deposit},{after}"))
}

/// The deposit of a document, as it is spelled.
pub fn deposit(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("\"deposit\":")?;
    rest.split_once(',').map(|(deposit, _)| deposit)
}

/// What people type into the search: one letter more each time, whole words common and rare, two words.
pub fn searches() -> Vec<String> {
    let whole = [0, 7, 40, 300, 1_400, 2_900].map(word);
    let begun = [3, 90, 800].map(|rank| word(rank).chars().take(3).collect::<String>());
    let pairs = [(1, 12), (5, 700), (60, 61)].map(|(a, b)| format!("{} {}", word(a), word(b)));
    whole.into_iter().chain(begun).chain(pairs).collect()
}
