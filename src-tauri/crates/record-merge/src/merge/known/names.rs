//! The names of fields that belong together, in the six languages whose dates and numbers are known as well (English, German,
//! French, Spanish, Italian, Portuguese). Only words that hardly mean anything else as the name of a field.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Things whose fields belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Time,
    Span,
    Range,
    Place,
    Point,
    Name,
    Coded,
    Term,
    Linked,
    Attached,
    Money,
    Measure,
    Account,
    Dialled,
}

/// What a field is in its thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The one half.
    First,
    /// The other half; of an address what says something with its like only (region, country).
    Second,
    /// Belongs to it if the halves are there.
    More,
    /// A day without a word that says which.
    Day,
    /// An hour without a word that says which.
    Clock,
    /// When something has to be done: the end of what has a start.
    Due,
    /// Says what the numbers or hours beside it mean: currency, unit, time zone.
    Hub,
}

use Part::{Clock, Day, Due, First, Hub, More, Second};
use Thing::{
    Account, Attached, Coded, Dialled, Linked, Measure, Money, Name, Place, Point, Range, Span, Term, Time,
};

/// Names in small letters, without signs between the words. The first ones name the row.
const NAMES: &[(Thing, Part, &str)] = &[
    (
        Time,
        First,
        "start starts started begin begins began opens arrival arrives checkin beginn anfang debut début inicio início inizio",
    ),
    (
        Time,
        Second,
        "end ends ended stop stops stopped finish finishes finished until closes departure departs checkout \
         ende schluss fin fine fim",
    ),
    (Time, Due, "due deadline"),
    (Time, Day, "date day"),
    (Time, Clock, "time hour"),
    (Time, More, "duration allday wholeday"),
    (Time, Hub, "timezone timezoneid timezonename tz tzid"),
    (Span, First, "from since validfrom von ab desde"),
    (Span, Second, "to until till thru through validto validuntil bis hasta até ate"),
    (Range, First, "min minimum low lower"),
    (Range, Second, "max maximum high upper"),
    (
        Place,
        First,
        "street streetaddress streetname streetline address addressline addressline1 address1 line1 city cityname town \
         locality addresslocality postalcode postcode postal zip zipcode strasse straße plz postleitzahl ort stadt wohnort rue \
         ville codepostal calle ciudad codigopostal códigopostal rua cidade indirizzo città citta",
    ),
    (
        Place,
        Second,
        "region addressregion province country addresscountry countryname pays país pais paese provincia",
    ),
    (
        Place,
        More,
        "state statecode county district housenumber houseno hausnummer hausnr streetnumber line lines addresslines line2 line3 address2 \
         address3 addressline2 addressline3 countrycode provincecode regioncode pobox postofficebox \
         postofficeboxnumber extendedaddress suburb neighborhood neighbourhood unit apartment apt suite floor",
    ),
    (Point, First, "lat latitude breitengrad"),
    (Point, Second, "lon lng long longitude längengrad laengengrad"),
    (Point, More, "alt altitude ele elevation"),
    (Point, First, "x"),
    (Point, Second, "y"),
    (Point, More, "z"),
    (
        Name,
        First,
        "given givenname givennames firstname firstnames forename forenames first vorname vornamen prenom prénom nombre nombres nome",
    ),
    (
        Name,
        Second,
        "family familyname lastname lastnames surname surnames last nachname familienname zuname apellido apellidos cognome sobrenome apelido nom nomdefamille",
    ),
    (Name, More, "middle middlename middlenames additionalname"),
    (Coded, First, "value"),
    (Coded, Second, "system"),
    (Coded, More, "unit code comparator"),
    // a code is one only within its system (FHIR Coding)
    (Term, First, "code"),
    (Term, Second, "system"),
    (Term, More, "display"),
    // who is meant, and the name that is shown for them (FHIR Reference)
    (Linked, First, "reference"),
    (Linked, Second, "display"),
    // the content of a file, and what is said of this content (CouchDB)
    (Attached, First, "digest"),
    (Attached, Second, "data stub follows revpos length contenttype encoding encodedlength"),
    (
        Money,
        First,
        "amount price value total subtotal sum cost costs fee fees deposit net gross tax balance budget salary rate preis betrag summe \
         kosten gebühr gebuehr kaution prix montant precio importe prezzo preço preco valor",
    ),
    (Money, Hub, "currency currencycode ccy währung waehrung devise moneda valuta moeda"),
    (
        Measure,
        First,
        "quantity qty value amount dose dosage strength weight length width height depth volume size stock distance \
         temperature temp pressure speed power energy menge gewicht anzahl breite höhe hoehe cantidad quantité \
         quantite quantità quantita quantidade peso poids",
    ),
    (Measure, Hub, "unit units unitcode unittext uom unitofmeasure einheit unité unidad unità unidade"),
    // an account and the bank it is at
    (Account, First, "iban accountnumber accountno kontonummer"),
    (Account, Second, "bic swift swiftcode bankcode sortcode routingnumber blz bankleitzahl"),
    // a number and what is dialled before it
    (Dialled, First, "phone phonenumber telephone telephonenumber telefon"),
    (Dialled, Second, "dialcode diallingcode dialingcode callingcode phonecode areacode extension vorwahl"),
];

/// Names that mean this only if nothing else is in them: `last_seen` is no family name.
pub(super) const ALONE: &[&str] = &[
    "first",
    "last",
    "given",
    "family",
    "middle",
    "long",
    "alt",
    "value",
    "system",
    "code",
    "comparator",
    "display",
    "reference",
    "digest",
    "data",
    "stub",
    "encoding",
    "x",
    "y",
    "z",
    "nom",
    "nome",
    "nombre",
    "nombres",
    "fine",
    "ort",
    "von",
    "ab",
    "bis",
];

/// Words that say nothing about whose field it is: `start_date` and `end_time` are of one thing.
pub(super) const OF_TIME: &[&str] = &[
    "date",
    "time",
    "datetime",
    "at",
    "on",
    "day",
    "hour",
    "hours",
    "minutes",
    "mins",
    "seconds",
    "days",
    "utc",
    "local",
    "is",
    "timestamp",
    "datum",
    "fecha",
    "hora",
    "heure",
    "uhrzeit",
];
pub(super) const OF_PLACE: &[&str] = &["address", "addr", "name"];

/// What a name means, and its place in the list above.
pub(super) type Meaning = (Thing, Part, usize);

/// What each name means.
static KNOWN: LazyLock<BTreeMap<&str, Vec<Meaning>>> = LazyLock::new(|| {
    let mut known: BTreeMap<&str, Vec<Meaning>> = BTreeMap::new();
    let all =
        NAMES.iter().flat_map(|(thing, part, names)| names.split(' ').map(move |name| (thing, part, name)));
    for (rank, (thing, part, name)) in all.enumerate() {
        known.entry(name).or_default().push((*thing, *part, rank));
    }
    known
});

pub(super) fn meanings(word: &str) -> impl Iterator<Item = Meaning> {
    KNOWN.get(word).into_iter().flatten().copied()
}
