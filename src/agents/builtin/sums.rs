//! The school arithmetic that solutions need, on texts as pages show them.

use crate::domain::solution::Function;

/// Computes a value from values.
pub(super) fn compute(function: Function, arguments: &[String]) -> Result<String, String> {
    match function {
        Function::Sum => {
            let cents = arguments
                .iter()
                .map(|text| cents(text))
                .sum::<Result<i64, _>>()?;
            Ok(format!("${}.{:02}", cents / 100, cents % 100))
        }
        Function::Grams => match arguments {
            [text] => grams(text).map(|grams| grams.to_string()),
            _ => Err("grams takes one weight".into()),
        },
        Function::Most => match arguments.split_first() {
            Some((count, texts)) => most(count, texts),
            None => Err("most takes a number and texts".into()),
        },
        Function::Times => match arguments.split_first() {
            Some((wanted, texts)) => {
                let times = texts.iter().filter(|text| *text == wanted).count();
                Ok(times.to_string())
            }
            None => Err("times takes a text and those to look among".into()),
        },
        Function::Greatest => greatest(arguments, whole_number),
        Function::Longest => greatest(arguments, months),
        Function::Dearest => greatest(arguments, cents),
        Function::Money => {
            let cents = cents(&arguments.join(" "))?;
            Ok(format!("${}.{:02}", cents / 100, cents % 100))
        }
        Function::Change => match arguments {
            [before, after] => change(cents(before)?, cents(after)?),
            _ => Err("change takes two amounts of money".into()),
        },
        Function::Pick => {
            let (wanted, pairs) = arguments
                .split_first()
                .ok_or("pick takes a key and pairs")?;
            pairs
                .chunks_exact(2)
                .find(|pair| pair[0] == *wanted)
                .map(|pair| pair[1].clone())
                .ok_or_else(|| format!("`{wanted}` is none of the keys"))
        }
        Function::Lowest => greatest(arguments, |text| Ok(-signed(text)?)),
        Function::Fall => {
            let numbers = arguments
                .iter()
                .map(|text| signed(text))
                .collect::<Result<Vec<_>, _>>()?;
            let least = numbers.into_iter().min().unwrap_or(0);
            Ok((-least).max(0).to_string())
        }
    }
}

/// The whole number that a text is, such as `+12`, `-3` or `\u{2212}3`.
fn signed(text: &str) -> Result<i64, String> {
    let plain = text.trim().replace('\u{2212}', "-").replace(',', "");
    plain
        .parse()
        .map_err(|_| format!("`{text}` is no whole number"))
}

/// The texts that occur most often, joined by commas; no two of them, and none behind them, may
/// occur equally often.
fn most(count: &str, texts: &[String]) -> Result<String, String> {
    let count: usize = count
        .parse()
        .map_err(|_| format!("`{count}` is no number of texts"))?;
    let mut times: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for text in texts {
        *times.entry(text).or_default() += 1;
    }
    let mut ranking: Vec<(&str, usize)> = times.into_iter().collect();
    ranking.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    if count == 0 || ranking.len() < count {
        return Err(format!("there are only {} texts", ranking.len()));
    }
    if let Some(pair) = ranking
        .windows(2)
        .take(count)
        .find(|pair| pair[0].1 == pair[1].1)
    {
        return Err(format!(
            "`{}` and `{}` occur equally often",
            pair[0].0, pair[1].0
        ));
    }
    let names: Vec<&str> = ranking.iter().take(count).map(|(text, _)| *text).collect();
    Ok(names.join(", "))
}

/// The first whole number in a text such as `-3 points, 4 March 2026`.
fn whole_number(text: &str) -> Result<i64, String> {
    let problem = || format!("`{text}` holds no whole number");
    let start = text
        .find(|c: char| c.is_ascii_digit())
        .ok_or_else(problem)?;
    let digits: String = text[start..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let number: i64 = digits.parse().map_err(|_| problem())?;
    Ok(if text[..start].ends_with('-') {
        -number
    } else {
        number
    })
}

/// The change in percent, rounded to one decimal.
fn change(before: i64, after: i64) -> Result<String, String> {
    if before <= 0 {
        return Err("there is no change from nothing".into());
    }
    let tenths = ((after - before).abs() * 2_000 + before) / (before * 2);
    let sign = if after < before { "-" } else { "" };
    Ok(format!("{sign}{}.{}", tenths / 10, tenths % 10))
}

fn greatest(
    pairs: &[String],
    amount: impl Fn(&str) -> Result<i64, String>,
) -> Result<String, String> {
    let mut amounts = pairs
        .chunks_exact(2)
        .map(|pair| Ok((amount(&pair[1])?, &pair[0])))
        .collect::<Result<Vec<_>, String>>()?;
    amounts.sort_by_key(|(amount, _)| *amount);
    match amounts.as_slice() {
        [.., (second, _), (first, _)] if first == second => {
            Err("two names have the same greatest amount".into())
        }
        [.., (_, name)] => Ok((*name).clone()),
        [] => Err("there is nothing to compare".into()),
    }
}

/// The amount in a text such as `$1,299.00` or `-$5.00`.
fn cents(text: &str) -> Result<i64, String> {
    let problem = || format!("`{text}` is no amount of money");
    let (_, amount) = text.split_once('$').ok_or_else(problem)?;
    let amount: String = amount
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == ',' || *c == '.')
        .collect();
    let amount = amount.replace(',', "");
    let (whole, fraction) = amount.split_once('.').ok_or_else(problem)?;
    let whole: i64 = whole.parse().map_err(|_| problem())?;
    let fraction: i64 = fraction.parse().map_err(|_| problem())?;
    Ok(whole * 100 + fraction)
}

/// The weight in a text such as `1.25 kg` or `850 g`.
fn grams(text: &str) -> Result<i64, String> {
    let problem = || format!("`{text}` is no weight");
    let (number, unit) = text.trim().split_once(' ').ok_or_else(problem)?;
    let number = number.replace(',', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    let whole: i64 = whole.parse().map_err(|_| problem())?;
    match unit {
        "g" if fraction.is_empty() => Ok(whole),
        "kg" if fraction.len() <= 3 => {
            let fraction: i64 = format!("{fraction:0<3}").parse().map_err(|_| problem())?;
            Ok(whole * 1000 + fraction)
        }
        _ => Err(problem()),
    }
}

/// The time in a text such as `2 years` or `18 months`, in months.
fn months(text: &str) -> Result<i64, String> {
    let problem = || format!("`{text}` is no length of time");
    let (number, unit) = text.trim().split_once(' ').ok_or_else(problem)?;
    let number: i64 = number.parse().map_err(|_| problem())?;
    match unit {
        "year" | "years" => Ok(number * 12),
        "month" | "months" => Ok(number),
        _ => Err(problem()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn computed(function: Function, arguments: &[&str]) -> Result<String, String> {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        compute(function, &arguments)
    }

    #[test]
    fn computes_as_at_school() {
        assert_eq!(
            computed(Function::Sum, &["$1,045.20", "$4.80"]).unwrap(),
            "$1050.00"
        );
        assert_eq!(computed(Function::Grams, &["1.25 kg"]).unwrap(), "1250");
        assert_eq!(
            computed(Function::Longest, &["a", "2 years", "b", "30 months"]).unwrap(),
            "b"
        );
        assert_eq!(
            computed(Function::Change, &["$200.00", "$175.10"]).unwrap(),
            "-12.5"
        );
        assert_eq!(
            computed(Function::Pick, &["b", "a", "1", "b", "2"]).unwrap(),
            "2"
        );
        assert_eq!(
            computed(Function::Most, &["2", "a", "b", "c", "b", "c", "b"]).unwrap(),
            "b, c"
        );
        let names = ["b", "a", "b", "c", "b"];
        assert_eq!(computed(Function::Times, &names).unwrap(), "2");
        let days = ["x", "+4", "y", "\u{2212}12", "z", "-3"];
        assert_eq!(computed(Function::Lowest, &days).unwrap(), "y");
        assert_eq!(
            computed(Function::Fall, &["+4", "\u{2212}12"]).unwrap(),
            "12"
        );
        assert_eq!(
            computed(
                Function::Greatest,
                &["a", "-9 points", "b", "4 points, 12 May"]
            )
            .unwrap(),
            "b"
        );
    }

    #[test]
    fn refuses_what_it_cannot_read_or_decide() {
        assert!(computed(Function::Sum, &["free"]).is_err());
        assert!(computed(Function::Longest, &["a", "1 year", "b", "12 months"]).is_err());
        assert!(computed(Function::Most, &["1", "a", "b"]).is_err());
        assert!(computed(Function::Most, &["2", "a", "a"]).is_err());
        assert!(computed(Function::Greatest, &["a", "no points"]).is_err());
    }
}
