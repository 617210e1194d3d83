//! Words in which a whole meaning hangs: numbers, also as words, and negations, in the languages this knows. Where one was
//! changed, no sentence is put together without a question: "two tablets each morning" must not meet "none at night".
//!
//! A word that means something else in another language is taken for a number all the same: that costs a question.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Longest word that is looked at, in bytes.
const LONGEST: usize = 40;

/// In small letters. Each line one language: English, German, French, Spanish, Italian, Portuguese.
const NUMBERS: &[&str] = &[
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million billion dozen",
    "null ein eins eine einen einem einer eines zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf sechzehn siebzehn zwanzig dreißig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde dutzend",
    "zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante soixante septante huitante octante nonante cent cents mille million millions milliard douzaine",
    "cero uno un una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil millón millones docena",
    "zero uno un una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento mille mila milione milioni dozzina",
    "zero um uma dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze dezasseis dezesseis vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem cento mil milhão milhões dúzia",
];

/// How often, and what part.
const TIMES: &[&str] = &[
    "once twice thrice half halves quarter quarters third thirds single double triple quadruple both",
    "einmal zweimal dreimal halb halbe halben halber halbes hälfte viertel drittel doppelt doppelte doppelten dreifach beide beiden",
    "fois demi demie moitié quart tiers simple double triple deux",
    "vez veces medio media mitad cuarto tercio doble triple ambos ambas",
    "volta volte mezzo mezza metà quarto terzo doppio doppia triplo entrambi entrambe",
    "vez vezes meio meia metade quarto terço dobro duplo dupla triplo ambos ambas",
];

const NEGATIONS: &[&str] = &[
    "no not never none nobody nothing nowhere neither nor without cannot dont doesnt didnt isnt arent wasnt cant wont",
    "kein keine keinen keinem keiner keines keins nein nicht nichts nie niemals niemand nirgends nirgendwo weder ohne",
    "non ne n pas jamais rien aucun aucune personne ni nul nulle sans plus point",
    "no nunca jamás nada nadie ningún ninguno ninguna ni sin tampoco",
    "no non mai niente nulla nessun nessuno nessuna né senza neanche nemmeno",
    "não nunca jamais nada ninguém nenhum nenhuma nem sem tampouco",
];

/// What long number words are made of where they are written as one: `einundzwanzig`, `duecento`, `veintidós`, `novecentos`.
const PARTS: &[&str] = &[
    "ein eins zwei drei vier fünf sechs sieben acht neun zehn und zig zwanzig dreißig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend mal fach",
    "vent venti trent trenta quarant quaranta cinquant cinquanta sessant sessanta settant settanta ottant ottanta novant novanta cento mila uno un due tre tré quattro cinque sei sette otto nove",
    "dieci veinti uno una un dos dós tres trés cuatro cinco seis séis siete ocho nueve tre cuatro quin sete nove ciento cientos cientas gentos gientos",
    "du zentos zentas tre quatro quin seis sete oito nove centos centas hentos",
];

// Each word of a long text is asked about.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| listed([NUMBERS, TIMES, NEGATIONS].concat()));
static NO: LazyLock<HashSet<&str>> = LazyLock::new(|| listed(NEGATIONS.to_vec()));
static OF_LONG: LazyLock<Vec<Vec<&str>>> =
    LazyLock::new(|| PARTS.iter().map(|parts| parts.split(' ').collect()).collect());

fn listed(tables: Vec<&'static str>) -> HashSet<&'static str> {
    tables.into_iter().flat_map(|words| words.split(' ')).collect()
}

/// The word has a digit in it, is a number, or says no.
pub(super) fn is_figure(text: &str) -> bool {
    if text.chars().any(char::is_numeric) {
        return true;
    }
    if text.is_empty() || text.len() > LONGEST {
        return false;
    }
    let word = text.to_lowercase().replace('\u{2019}', "'");
    is_word(&word) || OF_LONG.iter().any(|parts| made_of(&word, parts))
}

fn is_word(word: &str) -> bool {
    // don't, isn't; n'est, d'une
    let joined = |(before, after): (&str, &str)| NO.contains(before) || is_word(after);
    WORDS.contains(word) || word.ends_with("n't") || word.split_once('\'').is_some_and(joined)
}

fn made_of(word: &str, parts: &[&str]) -> bool {
    let mut rests = parts.iter().filter_map(|part| word.strip_prefix(part));
    rests.any(|rest| rest.is_empty() || made_of(rest, parts))
}

#[cfg(test)]
mod tests {
    use super::is_figure;

    #[test]
    fn numbers_and_negations_are_known() {
        let known = "2 12:30 A4 ½ two Twelve HUNDRED twice half once zwei Zwölf einundzwanzig dreihundert zweimal \
            dreißig fünfundvierzigtausend deux quatre-vingts cent demi dos dieciséis veintidós doscientos cien mitad due \
            ventuno trentatré duecento tremila metà duas três duzentos novecentos metade no Not never none don't isn’t \
            won't cannot without kein keine nicht nie ohne ne pas n'est jamais sans d'une nunca sin ningún non mai senza \
            não nem sem";
        for word in known.split_whitespace().flat_map(|word| word.split('-')) {
            assert!(is_figure(word), "{word}");
        }
        let unknown = "tablet morning drill now note noon often tone someone onion cellar Nacht Zimmer wieder einfache l'eau \
            c'est maison noche mañana sera notte manhã unten and the a is";
        for word in unknown.split_whitespace() {
            assert!(!is_figure(word), "{word}");
        }
        assert!(!is_figure("") && !is_figure(&"ein".repeat(100)));
    }
}
