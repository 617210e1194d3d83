//! Which days a series still has, as far as its end says it (RFC 5545 3.3.10: `UNTIL`, `COUNT`; 3.8.5.2: `RDATE`), and
//! the changed instances of a series that the other side ended.
//!
//! Rules are not expanded here. Where it takes more than counting to know whether a day is one of the first `COUNT`, the
//! answer is that nobody can tell, and a person is asked.

use super::instances::{DAY, FROM_UTC, Spelled, by_series, rule_days, spelled, touched};
use super::shown::{Below, Shown};
use super::times::date;
use super::together::Three;
use super::value::Value;
use crate::moment::days;
use std::collections::BTreeSet;

/// A series goes on that long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Within {
    No,
    Unknown,
    Yes,
}

/// What says on which days a series is. `None` as the text of a rule: there are several.
#[derive(Debug, PartialEq, Eq)]
struct Series<'a> {
    start: Option<&'a str>,
    rule: Option<Option<&'a str>>,
    /// Its first day, and those it has beside its rule.
    dates: BTreeSet<&'a str>,
    /// How those are spelled.
    kinds: BTreeSet<Option<&'a str>>,
    /// There are more days than the first one.
    repeats: bool,
}

impl<'a> Series<'a> {
    fn of(shown: &'a Shown) -> Series<'a> {
        let time = ["DTSTART", "DUE"].iter().find_map(|name| shown.slot(name, None)).map(|slot| &slot.value);
        let member = |name: &str| time.and_then(|time| time.member(name));
        let start = member("DTSTART").or_else(|| member("DUE")).and_then(Value::text);
        let mut dates: BTreeSet<&str> = start.into_iter().collect();
        let mut repeats = false;
        for slot in shown.slots.iter().filter(|slot| slot.name == "RDATE") {
            repeats = true;
            match &slot.value {
                Value::List(entries) => dates.extend(entries.iter().map(String::as_str)),
                // With parameters of their own: nothing that is read here.
                _ => dates.extend([""]),
            }
        }
        let rule = member("RRULE").map(Value::text);
        let kinds = dates.iter().map(|date| spelled(date).map(|(_, kind)| kind)).collect();
        Series { start, dates, kinds, repeats: repeats || rule.is_some(), rule }
    }

    fn within(&self, day: &str) -> Within {
        if !self.repeats {
            return Within::No;
        }
        let kind = spelled(day).map(|(_, kind)| kind);
        let listed = if self.dates.contains(day) {
            Within::Yes
        } else if self.kinds.iter().any(|other| other.is_none() || *other != kind) {
            // In another spelling it may be one of them.
            Within::Unknown
        } else {
            Within::No
        };
        let ruled = match self.rule {
            Some(Some(rule)) => reached(rule, self.start, day),
            Some(None) => Within::Unknown,
            None => Within::No,
        };
        listed.max(ruled)
    }

    /// It may have ended before the end of `other`.
    fn may_be_shorter(&self, other: &Series<'_>) -> bool {
        let (Some(Some(own)), Some(Some(rule))) = (self.rule, other.rule) else {
            return self.rule != other.rule || self.dates != other.dates;
        };
        let until = match (until(own), until(rule)) {
            (Some(own), Some(end)) => match (spelled(&own), spelled(&end)) {
                (Some((own, a)), Some((end, b))) if a == b => own < end,
                _ => own != end,
            },
            (own, _) => own.is_some(),
        };
        let count = match (count(own), count(rule)) {
            (Some(own_count), Some(count)) => own_count < count || rule_days(own) != rule_days(rule),
            (own, _) => own.is_some(),
        };
        until || count || !other.dates.is_subset(&self.dates)
    }
}

fn part<'a>(rule: &'a str, name: &str) -> Option<&'a str> {
    rule.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

fn until(rule: &str) -> Option<String> {
    part(rule, "UNTIL").map(|end| date(end, None))
}

/// A number that cannot be read is none at all: then nobody can tell.
fn count(rule: &str) -> Option<i64> {
    part(rule, "COUNT").map(|number| number.parse().unwrap_or(0))
}

fn reached(rule: &str, start: Option<&str>, day: &str) -> Within {
    let until = until(rule).map_or(Within::Yes, |end| before_end(spelled(day), spelled(&end)));
    let counted = count(rule).map_or(Within::Yes, |number| {
        let most = start.and_then(|start| most(rule, start, day));
        if most.is_some_and(|most| most <= number) { Within::Yes } else { Within::Unknown }
    });
    until.min(counted)
}

/// An end in universal time is that many hours before or after the same clock time somewhere.
fn before_end(day: Spelled<'_>, end: Spelled<'_>) -> Within {
    let (Some((day, kind)), Some((end, end_kind))) = (day, end) else { return Within::Unknown };
    let end = if end_kind == "date" && kind != "date" { end + DAY - 1 } else { end };
    let apart = if (kind == "Z") == (end_kind == "Z") { 0 } else { FROM_UTC };
    if day + apart <= end {
        Within::Yes
    } else if day - apart > end {
        Within::No
    } else {
        Within::Unknown
    }
}

const WEEK: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// No more days than this are in the series from its start to a day; `None` if that takes more than counting.
fn most(rule: &str, start: &str, day: &str) -> Option<i64> {
    let ((from, zone), (to, other_zone)) = (spelled(start)?, spelled(day)?);
    // In another zone it may be the next day already, or the next month.
    let to = (to.div_euclid(DAY) + i64::from(zone != other_zone)).max(from.div_euclid(DAY));
    let from = from.div_euclid(DAY);
    let interval = part(rule, "INTERVAL").map_or(Some(1), |number| number.parse::<i64>().ok())?.max(1);
    let listed = |name: &str| part(rule, name).map(|list| list.split(',').collect::<Vec<_>>());
    let many = |name: &str| listed(name).map_or(0, |list| list.len());
    if ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|name| many(name) > 1) {
        return None;
    }
    let in_another = i64::from(zone != other_zone);
    let first = months(start)?;
    // The first day counts, even if it is none that the rule lists.
    let own = i64::from(rule.contains(";BY"));
    match part(rule, "FREQ")? {
        "DAILY" => Some((to - from) / interval + 1),
        "WEEKLY" => most_in_weeks(from, to, interval, part(rule, "WKST"), listed("BYDAY")),
        "MONTHLY" => Some(((months(day)? + in_another - first) / interval + 1) * per_month(rule)? + own),
        "YEARLY" => {
            let years = ((months(day)? + in_another).div_euclid(12) - first.div_euclid(12)) / interval + 1;
            let in_months = listed("BYMONTH").map_or(Some(1), |list| i64::try_from(list.len()).ok())?;
            let in_year = ["BYYEARDAY", "BYWEEKNO"].iter().any(|name| listed(name).is_some());
            let plain = ["BYMONTHDAY", "BYDAY"].iter().all(|name| listed(name).is_none());
            let known = !in_year && (plain || listed("BYMONTH").is_some());
            if known { Some(years * per_month(rule)? * in_months + own) } else { None }
        }
        _ => None,
    }
}

/// Months since the year 0.
fn months(date: &str) -> Option<i64> {
    let number = |text: Option<&str>| text?.parse::<i64>().ok();
    // From 0 on: a month is no year.
    Some(number(date.get(..4))? * 12 + number(date.get(5..7))? - 1)
}

/// How often at most in one month; the first day of the series comes on top if it is none of these.
fn per_month(rule: &str) -> Option<i64> {
    let listed = |name: &str| part(rule, name).map(|list| list.split(',').collect::<Vec<_>>());
    let length = |list: Vec<&str>| i64::try_from(list.len()).ok();
    if let Some(places) = listed("BYSETPOS") {
        return length(places);
    }
    match (listed("BYMONTHDAY"), listed("BYDAY")) {
        (Some(days), _) => length(days),
        (None, Some(days)) => {
            let numbered = days.iter().all(|day| day.contains(|c: char| c.is_ascii_digit()));
            if numbered { length(days) } else { None }
        }
        (None, None) => Some(1),
    }
}

fn most_in_weeks(
    from: i64,
    to: i64,
    interval: i64,
    begins: Option<&str>,
    listed: Option<Vec<&str>>,
) -> Option<i64> {
    let place = |name: &str| WEEK.iter().position(|day| *day == name).and_then(|at| i64::try_from(at).ok());
    let shift = begins.map_or(Some(0), place)?;
    // A Monday, or what else a week begins with.
    let first = days("2001-01-01")? + shift;
    let week = |day: i64| (day - first).div_euclid(7);
    let weekday = |day: i64| (day - first).rem_euclid(7);
    let on: BTreeSet<i64> = match listed {
        Some(names) => {
            names.into_iter().map(|name| Some((place(name)? - shift).rem_euclid(7))).collect::<Option<_>>()?
        }
        None => BTreeSet::from([weekday(from)]),
    };
    let weeks = week(to) - week(from);
    let each = i64::try_from(on.len()).ok()?;
    let number = |on: usize| i64::try_from(on).unwrap_or(0);
    let before = number(on.iter().filter(|day| **day < weekday(from)).count());
    let after = number(on.iter().filter(|day| **day > weekday(to)).count());
    let missing = before + if weeks % interval == 0 { after } else { 0 };
    let own = i64::from(!on.contains(&weekday(from)));
    Some((weeks / interval + 1) * each - missing + own)
}

/// Instances that one side gave a component of their own, or changed, while the other side ended their series before
/// them: where those are, and the time of the series. What that side did to the days after its end goes with it, so that
/// each answer is a series as one side has it.
pub(super) fn orphans(three: Three<'_>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for ((kind, uid), instances) in by_series(three) {
        let series = three.map(|shown| {
            let below = shown.and_then(|shown| shown.inner(kind, uid)).filter(|below| below.at.is_some())?;
            Some(Series::of(&below.shown))
        });
        let [base, mine, theirs] = &series;
        for (side, own, other) in [(1, mine, theirs), (2, theirs, mine)] {
            if other == base || (base.is_none() && other.is_none()) {
                continue;
            }
            let within = |series: &Option<Series<'_>>, day: &str| {
                series.as_ref().map_or(Within::No, |series| series.within(day))
            };
            let shorter = match (other, base) {
                (Some(other), Some(base)) => other.may_be_shorter(base),
                _ => true,
            };
            let is_out = |day: &str| {
                let was = base.is_none() || within(base, day) != Within::No;
                let out = match within(other, day) {
                    Within::Yes => false,
                    Within::No => true,
                    Within::Unknown => shorter,
                };
                out && was && within(own, day) != Within::No
            };
            let is_changed = |versions: [Option<&Below>; 3]| {
                let stays = versions.get(side).copied().flatten().is_some_and(|below| below.at.is_some());
                let by = touched(versions);
                stays && if side == 1 { by.mine } else { by.theirs }
            };
            if !instances.values().any(|(day, versions)| is_out(day) && is_changed(*versions)) {
                continue;
            }
            for (key, (day, versions)) in &instances {
                if within(other, day) != Within::Yes && touched(*versions).any() {
                    found.push(vec![kind.to_owned(), (*key).to_owned()]);
                }
            }
            if other.is_none() {
                found.push(vec![kind.to_owned(), uid.to_owned()]);
            }
            let time = |name: &str| vec![kind.to_owned(), uid.to_owned(), name.to_owned()];
            found.extend(["DTSTART", "DUE", "RDATE"].map(time));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_within(start: &str, rule: &str, day: &str) -> Within {
        reached(&super::super::times::rule(rule), Some(start), day)
    }

    #[test]
    fn days_before_and_after_the_end_of_a_rule() {
        use Within::{No, Unknown, Yes};
        let start = "2026-03-02T19:00:00 Europe/Lisbon";
        for (rule, day, expected) in [
            ("FREQ=WEEKLY", "2030-03-04T19:00:00 Europe/Lisbon", Yes),
            ("FREQ=WEEKLY;UNTIL=20260310T190000Z", "2026-03-09T19:00:00 Europe/Lisbon", Yes),
            ("FREQ=WEEKLY;UNTIL=20260309T190000Z", "2026-03-09T19:00:00 Europe/Lisbon", Unknown),
            ("FREQ=WEEKLY;UNTIL=20260309T190000Z", "2026-03-09T19:00:00Z", Yes),
            ("FREQ=WEEKLY;UNTIL=20260309T185959Z", "2026-03-09T19:00:00Z", No),
            ("FREQ=WEEKLY;UNTIL=20260308", "2026-03-09T19:00:00 Europe/Lisbon", No),
            ("FREQ=WEEKLY;UNTIL=20260309", "2026-03-09T19:00:00 Europe/Lisbon", Yes),
            ("FREQ=WEEKLY;UNTIL=20260308T190000Z", "2026-03-16T19:00:00 Europe/Lisbon", No),
            ("FREQ=WEEKLY;UNTIL=soon", "2026-03-16T19:00:00 Europe/Lisbon", Unknown),
            ("FREQ=WEEKLY;COUNT=2", "2026-03-09T19:00:00 Europe/Lisbon", Yes),
            ("FREQ=WEEKLY;COUNT=2", "2026-03-16T19:00:00 Europe/Lisbon", Unknown),
            ("FREQ=WEEKLY;COUNT=2", "2026-03-10T19:00:00Z", Yes),
            ("FREQ=WEEKLY;COUNT=many", "2026-03-09T19:00:00 Europe/Lisbon", Unknown),
            ("FREQ=MINUTELY;COUNT=3", "2026-03-02T19:02:00 Europe/Lisbon", Unknown),
        ] {
            assert_eq!(is_within(start, rule, day), expected, "{rule} {day}");
        }
    }

    #[test]
    fn days_are_counted_where_counting_is_enough() {
        let start = "2026-03-02";
        for (rule, day, expected) in [
            ("FREQ=DAILY", "2026-03-05", Some(4)),
            ("FREQ=DAILY;INTERVAL=2", "2026-03-06", Some(3)),
            ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-03-11", Some(4)),
            ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-03-10", Some(3)),
            // The first day is none of them, and counts.
            ("FREQ=WEEKLY;BYDAY=WE", "2026-03-11", Some(3)),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-03-20", Some(4)),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "2026-03-15", Some(2)),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "2026-03-16", Some(3)),
            ("FREQ=MONTHLY", "2026-05-02", Some(3)),
            ("FREQ=MONTHLY;BYDAY=1MO", "2026-05-04", Some(4)),
            ("FREQ=MONTHLY;BYDAY=MO", "2026-05-04", None),
            ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "2026-05-04", Some(4)),
            ("FREQ=YEARLY", "2028-03-02", Some(3)),
            ("FREQ=YEARLY;BYMONTH=3,6", "2027-03-02", Some(5)),
            ("FREQ=YEARLY;BYDAY=20MO", "2027-03-02", None),
            ("FREQ=YEARLY;BYWEEKNO=20", "2027-03-02", None),
            ("FREQ=DAILY;BYHOUR=9,10", "2026-03-05", None),
            ("FREQ=HOURLY", "2026-03-05", None),
            ("FREQ=DAILY;INTERVAL=x", "2026-03-05", None),
        ] {
            assert_eq!(most(&super::super::times::rule(rule), start, day), expected, "{rule} {day}");
        }
        assert_eq!(
            most("FREQ=MONTHLY", "2026-03-31T23:00:00 Europe/Lisbon", "2026-04-30T23:00:00Z"),
            Some(3)
        );
    }
}
